<?php
// log-detective: who came last night, how long they waited, and when they were there.

declare(strict_types=1);

const LONGEST_PAUSE = 30 * 60; // seconds; after a longer one a new session begins
const SLOWEST = 60000; // milliseconds

// D: $ is the very end, and not also the place before a last line end.
const LINE = '{^(20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])'
    . 'T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:Z|[+-](?:0\d|1[0-4])[0-5]\d))'
    . ' ([0-9A-Za-z.:-]{1,40})'
    . ' (/[0-9A-Za-z/._-]{0,99})'
    . ' ([0-9]{1,5})\r?\n?$}D';

/** An instant as one number: those of all zones can then be compared and subtracted. */
function secondsOf(string $time): int
{
    [$year, $month, $day, $hour, $minute, $second] = sscanf($time, '%d-%d-%dT%d:%d:%d');
    $clock = gmmktime($hour, $minute, $second, $month, $day, $year);
    $zone = substr($time, 19);
    if ($zone === 'Z') {
        return $clock;
    }
    $ahead = ((int) substr($zone, 1, 2) * 60 + (int) substr($zone, 3, 2)) * 60;
    return $zone[0] === '-' ? $clock + $ahead : $clock - $ahead;
}

/** The present session of a client, and all of his requests. */
final class Client
{
    public int $requests = 0;

    public function __construct(public string $name, public int $begin, public int $latest)
    {
    }
}

/** What is kept of a log: as much as it has clients and routes, however many lines there are. */
final class Log
{
    private int $lines = 0;
    private int $damaged = 0;
    private array $clients = []; // by name
    private array $routes = []; // by name: how many requests took so many ms
    private array $sessions = ['count' => 0, 'seconds' => 0, 'longest' => 0];
    private string $time = ''; // of the line before: many lines were written in the same second
    private int $now = 0;

    /** @param resource $stream */
    public function read($stream): void
    {
        while (($line = fgets($stream)) !== false) {
            $this->lines++;
            if (preg_match(LINE, $line, $found) && (int) $found[4] <= SLOWEST) {
                $this->add($found[1], $found[2], $found[3], (int) $found[4]);
            } else {
                $this->damaged++;
            }
        }
    }

    private function add(string $time, string $client, string $route, int $latency): void
    {
        if ($time !== $this->time) {
            $this->time = $time;
            $this->now = secondsOf($time);
        }
        $this->visit($client);
        $this->routes[$route][$latency] = ($this->routes[$route][$latency] ?? 0) + 1;
    }

    private function visit(string $name): void
    {
        $client = $this->clients[$name] ??= new Client($name, $this->now, $this->now);
        $client->requests++;
        if ($this->now - $client->latest > LONGEST_PAUSE) {
            $this->endSession($client);
            $client->begin = $this->now;
        }
        $client->latest = $this->now;
    }

    private function endSession(Client $client): void
    {
        $length = $client->latest - $client->begin;
        $this->sessions['count']++;
        $this->sessions['seconds'] += $length;
        $this->sessions['longest'] = max($this->sessions['longest'], $length);
    }

    public function report(): array
    {
        array_map($this->endSession(...), $this->clients);
        ksort($this->routes, SORT_STRING); // else PHP compares what looks like a number as one
        return [
            'lines' => $this->lines,
            'damaged' => $this->damaged,
            'top' => $this->topTen(),
            'routes' => array_map(routeReport(...), array_keys($this->routes), $this->routes),
            'sessions' => $this->sessions,
        ];
    }

    private function topTen(): array
    {
        $ranking = array_values($this->clients);
        // strcmp compares bytes: < and <=> would say that "10.0" and "10.00" are equal numbers.
        usort($ranking, fn ($a, $b) => $b->requests <=> $a->requests ?: strcmp($a->name, $b->name));
        return array_map(
            fn ($client) => ['client' => $client->name, 'requests' => $client->requests],
            array_slice($ranking, 0, 10),
        );
    }
}

function routeReport(string $route, array $latencies): array
{
    ksort($latencies);
    $requests = array_sum($latencies);
    $report = ['route' => $route, 'requests' => $requests];
    foreach ([50, 95, 99] as $percent) {
        $report["p$percent"] = percentile($latencies, $requests, $percent);
    }
    return $report;
}

/** By nearest rank: walk up the table until so many percent of all requests are behind you. */
function percentile(array $latencies, int $requests, int $percent): int
{
    $rank = intdiv($percent * $requests + 99, 100); // rounded up, and exact: whole numbers only
    $behind = 0;
    foreach ($latencies as $latency => $count) {
        $behind += $count;
        if ($behind >= $rank) {
            break;
        }
    }
    return $latency;
}

function main(array $paths): int
{
    $log = new Log();
    foreach ($paths as $path) {
        $file = @fopen($path, 'rb'); // @: we say ourselves what is wrong
        if ($file === false) {
            fwrite(STDERR, "$path: this file cannot be read\n");
            return 2;
        }
        $log->read($file);
        fclose($file);
    }
    if ($paths === []) {
        $log->read(STDIN);
    }
    echo json_encode($log->report(), JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR), "\n";
    return 0;
}

exit(main(array_slice($argv, 1)));
