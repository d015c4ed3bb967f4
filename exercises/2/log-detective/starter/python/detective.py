"""log-detective: who came last night, how long they waited, and when they were there."""

import json
import sys


def read(lines, report):
    # The lines are bytes, and come one by one: two million of them need no more memory than one.
    for line in lines:
        report["lines"] += 1
        fields = line.split()
        # TODO: time, client, route and milliseconds are in fields, unless the line is damaged.


def main(paths):
    report = {
        "lines": 0,
        "damaged": 0,
        "top": [],  # TODO: {"client": "10.0.0.7", "requests": 4}, at most ten
        "routes": [],  # TODO: {"route": "/pay", "requests": 2, "p50": 800, "p95": 800, "p99": 800}
        "sessions": {"count": 0, "seconds": 0, "longest": 0},
    }
    # TODO: when there are paths, the lines of these files are the log.
    read(sys.stdin.buffer, report)
    print(json.dumps(report, separators=(",", ":")))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
