<?php
// route-planner: the quickest way between two bus stops, on one-way roads.

declare(strict_types=1);

// The cost of a road is its minutes, and one more unit for the road itself, so small that all roads
// of a way together never make a minute. To compare two costs is then to compare the minutes, and,
// when these are equal, the roads: one number says both.
const MINUTE = 1000000;

final class UnknownStop extends Exception
{
}

final class Network
{
    // Stops are numbers inside, from 0: PHP makes whole numbers of keys like "42", and a number
    // needs less room than a name at the end of each of many roads.
    private array $names = [];
    private array $numbers = []; // by name
    private array $roadsFrom = []; // by stop: pairs of the next stop and the cost
    private array $roadsTo = []; // by stop: pairs of the stop before and the cost

    private function number(string $name): int
    {
        $number = $this->numbers[$name] ??= count($this->names);
        if ($number === count($this->names)) {
            $this->names[] = $name;
            $this->roadsFrom[] = [];
            $this->roadsTo[] = [];
        }
        return $number;
    }

    public function add(string $start, string $end, int $minutes): void
    {
        $from = $this->number($start);
        $to = $this->number($end);
        $cost = $minutes * MINUTE + 1;
        $this->roadsFrom[$from][] = [$to, $cost];
        $this->roadsTo[$to][] = [$from, $cost];
    }

    public function stop(string $name): int
    {
        return $this->numbers[$name] ?? throw new UnknownStop("there is no stop $name");
    }

    /**
     * The least cost to the target of each stop that is no farther from it than the start.
     *
     * This is Dijkstra's search, begun at the target and against the roads: what it knows at its
     * end is, for each stop on the way, how far it still is. That is what a route is found by.
     */
    public function costsTo(int $target, int $start): array
    {
        $best = [$target => 0];
        $waiting = new SplPriorityQueue(); // the highest first: so we say minus the cost
        $waiting->setExtractFlags(SplPriorityQueue::EXTR_BOTH);
        $waiting->insert($target, 0);
        while (!$waiting->isEmpty()) {
            ['data' => $stop, 'priority' => $minus] = $waiting->extract();
            if ($stop === $start) {
                break;
            }
            if (-$minus > $best[$stop]) {
                continue; // a better way to this stop was found while this one waited
            }
            foreach ($this->roadsTo[$stop] as [$before, $road]) {
                $cost = $road - $minus;
                if ($cost < ($best[$before] ?? PHP_INT_MAX)) {
                    $best[$before] = $cost;
                    $waiting->insert($before, -$cost);
                }
            }
        }
        return $best;
    }

    /** A list: number N has the least cost to the target of each stop with at most N roads. */
    public function costsByRoads(int $target, int $roads): array
    {
        $steps = [[$target => 0]];
        for ($count = 0; $count < $roads; $count++) {
            $best = $steps[$count];
            foreach ($steps[$count] as $stop => $left) {
                foreach ($this->roadsTo[$stop] as [$before, $road]) {
                    $best[$before] = min($best[$before] ?? PHP_INT_MAX, $left + $road);
                }
            }
            $steps[] = $best;
        }
        return $steps;
    }

    /**
     * From the start, always to a stop from which what is left is least: the first by its name.
     * $costAfter(N) are the costs that hold after N roads. Returns names.
     */
    public function walk(int $start, int $target, Closure $costAfter): array
    {
        $route = [$this->names[$start]];
        for ($stop = $start; $stop !== $target; $route[] = $this->names[$stop]) {
            $here = $costAfter(count($route) - 1)[$stop];
            $left = $costAfter(count($route));
            $next = null;
            foreach ($this->roadsFrom[$stop] as [$end, $road]) {
                if (
                    isset($left[$end]) && $left[$end] + $road === $here
                    && ($next === null || strcmp($this->names[$end], $this->names[$next]) < 0)
                ) {
                    $next = $end;
                }
            }
            $stop = $next;
        }
        return $route;
    }
}

/** The answer to a question, which is a list of words. */
function answer(Network $network, array $words): string
{
    $kind = $words[0];
    [$start, $target] = array_map($network->stop(...), array_slice($words, -2));
    if ($kind === 'limit') {
        $roads = (int) $words[1] + 1; // before each road but the first, there is a change
        $steps = $network->costsByRoads($target, $roads);
    } else {
        $roads = 0;
        $steps = [$network->costsTo($target, $start)];
    }
    if (!isset($steps[$roads][$start])) {
        return 'NONE';
    }
    $minutes = (string) intdiv($steps[$roads][$start], MINUTE);
    if ($kind === 'time') {
        return $minutes;
    }
    $route = $network->walk($start, $target, fn (int $done) => $steps[max($roads - $done, 0)]);
    return implode(' ', [$minutes, ...$route]);
}

function main(): int
{
    $network = new Network();
    $answers = [];
    try {
        while (($line = fgets(STDIN)) !== false) {
            $words = explode(' ', rtrim($line));
            if ($words[0] === 'road') {
                $network->add($words[1], $words[2], (int) $words[3]);
            } else {
                $answers[] = answer($network, $words) . "\n";
            }
        }
    } catch (UnknownStop $problem) {
        // Nothing was printed before: an answer is either whole or not there.
        fwrite(STDERR, $problem->getMessage() . "\n");
        return 2;
    }
    echo implode('', $answers);
    return 0;
}

exit(main());
