<?php
// log-detective: who came last night, how long they waited, and when they were there.

declare(strict_types=1);

$report = [
    'lines' => 0,
    'damaged' => 0,
    'top' => [], // TODO: ['client' => '10.0.0.7', 'requests' => 4], at most ten
    'routes' => [], // TODO: ['route' => '/pay', 'requests' => 2, 'p50' => 800, 'p95' => 800, ...]
    'sessions' => ['count' => 0, 'seconds' => 0, 'longest' => 0],
];

// TODO: when there are names in array_slice($argv, 1), the lines of these files are the log.
// Line by line: two million of them need no more memory than one.
while (($line = fgets(STDIN)) !== false) {
    $report['lines']++;
    $fields = explode(' ', $line);
    // TODO: time, client, route and milliseconds are in $fields, unless the line is damaged.
}

echo json_encode($report, JSON_UNESCAPED_SLASHES), "\n";
