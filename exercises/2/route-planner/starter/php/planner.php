<?php
// route-planner: the quickest way between two bus stops, on one-way roads.

declare(strict_types=1);

$roads = []; // by stop: pairs of the next stop and the minutes
$answers = [];

while (($line = fgets(STDIN)) !== false) {
    $words = explode(' ', rtrim($line));
    $kind = array_shift($words);
    if ($kind === 'road') {
        [$start, $end, $minutes] = $words;
        $roads[$start][] = [$end, (int) $minutes];
    } else {
        [$start, $target] = array_slice($words, -2); // of a question "limit", $words[0] is the most changes
        // TODO: $kind is "time", "route" or "limit". SplPriorityQueue is a heap.
        $answers[] = "NONE\n";
    }
}

// Nothing is printed before: an answer is either whole or not there.
echo implode('', $answers);
