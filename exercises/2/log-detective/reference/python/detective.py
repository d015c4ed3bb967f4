"""log-detective: who came last night, how long they waited, and when they were there."""

import json
import re
import sys
from collections import Counter, defaultdict
from datetime import datetime
from functools import lru_cache

LONGEST_PAUSE = 30 * 60  # seconds; after a longer one a new session begins
SLOWEST = 60_000  # milliseconds

LINE = re.compile(
    rb"(20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
    rb"T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:Z|[+-](?:0\d|1[0-4])[0-5]\d))"
    rb" ([0-9A-Za-z.:-]{1,40})"
    rb" (/[0-9A-Za-z/._-]{0,99})"
    rb" ([0-9]{1,5})\r?\n?"
)


@lru_cache(maxsize=1000)
def seconds_of(time):
    """An instant as one number: those of all zones can then be compared and subtracted.

    Many lines were written in the same second, so a small cache saves most of the work.
    """
    return int(datetime.fromisoformat(time.decode()).timestamp())


class Log:
    """What is kept of a log: as much as it has clients and routes, however many lines there are."""

    def __init__(self):
        self.lines = 0
        self.damaged = 0
        self.requests = Counter()  # by client
        self.latencies = defaultdict(Counter)  # by route: how many requests took so many ms
        self.sessions = {"count": 0, "seconds": 0, "longest": 0}
        self.begin = {}  # by client: when the present session began ...
        self.latest = {}  # ... and the latest request in it

    def read(self, lines):
        for line in lines:
            self.lines += 1
            found = LINE.fullmatch(line)
            latency = int(found[4]) if found else SLOWEST + 1
            if latency > SLOWEST:
                self.damaged += 1
                continue
            time, client, route, _ = found.groups()
            self.requests[client] += 1
            self.latencies[route][latency] += 1
            self.visit(client, seconds_of(time))

    def visit(self, client, now):
        latest = self.latest.get(client)
        if latest is None or now - latest > LONGEST_PAUSE:
            if latest is not None:
                self.end_session(client)
            self.begin[client] = now
        self.latest[client] = now

    def end_session(self, client):
        length = self.latest[client] - self.begin[client]
        self.sessions["count"] += 1
        self.sessions["seconds"] += length
        self.sessions["longest"] = max(self.sessions["longest"], length)

    def report(self):
        for client in self.latest:
            self.end_session(client)
        return {
            "lines": self.lines,
            "damaged": self.damaged,
            "top": top_ten(self.requests),
            "routes": [route_report(*row) for row in sorted(self.latencies.items())],
            "sessions": self.sessions,
        }


def top_ten(requests):
    def most_first_then_name(row):
        client, count = row
        return -count, client

    rows = sorted(requests.items(), key=most_first_then_name)[:10]
    return [{"client": client.decode(), "requests": count} for client, count in rows]


def route_report(route, latencies):
    count = sum(latencies.values())
    percentiles = {f"p{percent}": percentile(latencies, count, percent) for percent in (50, 95, 99)}
    return {"route": route.decode(), "requests": count} | percentiles


def percentile(latencies, count, percent):
    """By nearest rank: walk up the table until so many percent of all requests are behind you."""
    rank = (percent * count + 99) // 100  # rounded up, and exact: no float has a part in it
    behind = 0
    for latency in sorted(latencies):
        behind += latencies[latency]
        if behind >= rank:
            return latency


def main(paths):
    log = Log()
    try:
        for path in paths:
            with open(path, "rb") as file:
                log.read(file)
    except OSError as problem:
        print(f"{problem.filename}: {problem.strerror}", file=sys.stderr)
        return 2
    if not paths:
        log.read(sys.stdin.buffer)
    print(json.dumps(log.report(), separators=(",", ":")))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
