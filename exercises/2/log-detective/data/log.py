#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Makes an access log for log-detective: log.py --seed N --lines N --shape SHAPE [--clients N].

calm   one zone, one evening; the latencies of a route are all different, one route has a single
       request, one a hundred: the ranks of percentiles are tried, and nothing else
zones  each line in another zone; a route always takes equally long: only instants are tried
busy   many lines of many clients in one zone; around each percentile stand equal latencies, and
       no two of the first eleven clients have equally many requests: only the work is tried

No line is damaged. The same seed gives the same bytes.
"""

import argparse
import random
import sys
from datetime import datetime, timedelta, timezone

ROUTES = """/ /book /cancel /login /pay /search /seats /status /stops /tickets""".split()
ZONES = ["Z", "+0530", "+0545", "-0800", "-0330", "+1400", "+0000", "-0000"]
NIGHT = datetime(2024, 11, 1, 18, 0, 0, tzinfo=timezone.utc)


def written(instant, zone):
    """An instant as the clocks of a zone show it, with the zone behind it."""
    sign = -1 if zone.startswith("-") else 1
    digits = "0000" if zone == "Z" else zone[1:]
    ahead = timedelta(hours=int(digits[:2]), minutes=int(digits[2:])) * sign
    return f"{(instant + ahead).replace(tzinfo=None).isoformat()}{zone}"


def addresses(count, rng):
    numbers = rng.sample(range(256 * 256), count)
    return [f"10.{rng.randint(0, 9)}.{n // 256}.{n % 256}" for n in numbers]


def few_clients(lines, rng):
    """A client a line; eight of them, and no two have equally many lines."""
    clients = addresses(8, rng)
    order = [clients[i] for i in range(8) for _ in range(lines * (i + 1) // 36)]
    order += [clients[7]] * (lines - len(order))
    rng.shuffle(order)
    return order


def calm(lines, clients, rng):
    routes = rng.sample(ROUTES, 5)
    order = [routes[0]] + [routes[1]] * 100
    order += rng.choices(routes[2:], k=lines - len(order))
    rng.shuffle(order)
    latencies = {route: iter(rng.sample(range(0, 60_001), lines)) for route in routes}
    at = NIGHT
    for client, route in zip(few_clients(lines, rng), order):
        at += timedelta(seconds=rng.randint(0, 5))
        yield f"{written(at, '+0530')} {client} {route} {next(latencies[route])}\n"


def zones(lines, clients, rng):
    latency = {route: rng.randint(1, 900) for route in ROUTES[:4]}
    at = NIGHT
    for client in few_clients(lines, rng):
        # Mostly a crowd; now and then nobody comes for about half an hour.
        at += timedelta(seconds=rng.choice([rng.randint(0, 300), rng.randint(0, 300), 1799, 1800, 1801]))
        route = rng.choice(ROUTES[:4])
        yield f"{written(at, rng.choice(ZONES))} {client} {route} {latency[route]}\n"


def even_latency(typical, rng):
    """30 % are faster than typical, 40 % typical; the 95th and 99th of a hundred are alike, too."""
    part = rng.random()
    if part < 0.30:
        return rng.randint(typical // 2, typical - 1)
    if part < 0.70:
        return typical
    if part < 0.90:
        return rng.randint(typical + 1, typical * 4 - 1)
    if part < 0.97:
        return typical * 4
    if part < 0.98:
        return rng.randint(typical * 4 + 1, typical * 20 - 1)
    if part < 0.998:
        return typical * 20
    return rng.randint(typical * 20 + 1, 60_000)


def busy(lines, clients, rng):
    # What stands behind the time: a pool of it, for a random choice is quicker than a new one.
    names = addresses(clients, rng)
    typical = {route: rng.randint(10, 90) for route in ROUTES}
    shares = [int(3000 * 0.85**place) for place in range(12)]
    order = [name for name, share in zip(names, shares) for _ in range(share)]
    order += [names[12 + i % (clients - 12)] for i in range(50_000 - len(order))]
    pool = []
    for name in order:
        route = rng.choice(ROUTES)
        pool.append(f" {name} {route} {even_latency(typical[route], rng)}\n")

    hours = 12 * 60 * 60
    for second in range(hours):
        count = lines * (second + 1) // hours - lines * second // hours
        at = written(NIGHT + timedelta(seconds=second), "Z")
        yield at + at.join(rng.choices(pool, k=count)) if count else ""


SHAPES = {"calm": calm, "zones": zones, "busy": busy}


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seed", required=True)
    options.add_argument("--lines", type=int, required=True)
    options.add_argument("--shape", choices=SHAPES, required=True)
    options.add_argument("--clients", type=int, default=1000)
    given = options.parse_args()
    if given.lines < 200:
        options.error("a log has at least 200 lines")
    if not 100 <= given.clients <= 10_000:
        options.error("100 to 10,000 clients come in a night")

    rng = random.Random(f"{given.seed} {given.shape} {given.lines} {given.clients}")
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    sys.stdout.writelines(SHAPES[given.shape](given.lines, given.clients, rng))


if __name__ == "__main__":
    main()
