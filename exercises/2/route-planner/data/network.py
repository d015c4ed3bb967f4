#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Makes roads and questions for route-planner: network.py --seed N --shape SHAPE.

towns  ten random towns of 20 stops, one-way roads that take very different times; `time`
ties   towns like a chessboard, roads in both directions that take 1 or 2 minutes: many ways are
       equally quick; `route`
rings  one-way rings, each of which leads from a stop to the one before it only all the way round
limits random towns, roads in both directions, the quick ones short; `limit`
large  sixteen towns of 6,250 stops: a centre, fifty hubs round it, a crowd of stops round each, and
       one bus line far out into the country; there are two buses in each direction, which take
       equally long; 50 times `time`
chain  100,000 stops, one behind the other

Names are drawn anew, so that their order says nothing. The same seed gives the same bytes.
"""

import argparse
import random
import sys

SYLLABLES = "ba chi da ga hal jan ka lok mi nar pur ra sa tal vad ya".split()


class Network:
    def __init__(self, rng):
        self.rng = rng
        self.used = set()
        self.roads = []
        self.questions = []

    def stops(self, count):
        """Names that nobody has yet."""
        names = []
        while len(names) < count:
            name = "".join(self.rng.choices(SYLLABLES, k=4)).capitalize()
            if name in self.used:
                name += str(len(self.used))
            self.used.add(name)
            names.append(name)
        return names

    def one_way(self, start, end, minutes):
        self.roads.append(f"road {start} {end} {minutes}\n")

    def both_ways(self, start, end, minutes):
        self.one_way(start, end, minutes)
        self.one_way(end, start, minutes)

    def ask(self, *words):
        self.questions.append(" ".join(map(str, words)) + "\n")


def towns(network, rng):
    for _ in range(10):
        stops = network.stops(20)
        # A slow way round makes sure that fewest stops are not fewest minutes.
        start, end = rng.sample(stops, 2)
        network.one_way(start, end, rng.randint(9_000, 10_000))
        at = start
        for stop in rng.sample([s for s in stops if s not in (start, end)], 5) + [end]:
            network.one_way(at, stop, rng.randint(1, 300))
            at = stop
        for one in stops + rng.choices(stops, k=30):  # each stop has a road: none is unknown
            other = rng.choice([stop for stop in stops if stop != one])
            network.one_way(one, other, rng.randint(300, 10_000))
        # Only out of this one: whoever goes against a road gets there, too.
        lonely = network.stops(1)[0]
        network.one_way(lonely, rng.choice(stops), rng.randint(1, 1000))
        network.ask("time", start, end)
        network.ask("time", start, lonely)
        for _ in range(4):
            network.ask("time", *rng.sample(stops, 2))


def ties(network, rng):
    for _ in range(4):
        side = 8
        names = network.stops(side * side)
        at = {(x, y): names[x * side + y] for x in range(side) for y in range(side)}
        for (x, y), stop in at.items():
            for neighbour in ((x + 1, y), (x, y + 1)):
                if neighbour in at:
                    network.both_ways(stop, at[neighbour], rng.randint(1, 2))
        network.ask("route", at[0, 0], at[side - 1, side - 1])
        for _ in range(7):
            network.ask("route", *rng.sample(names, 2))

    # Three roads of 1 minute or two of 3 and 1: as quick as one of 4, but with changes.
    a, b, c, d, e = network.stops(5)
    for start, end, minutes in ((a, d, 4), (a, b, 1), (b, c, 1), (c, d, 2), (a, e, 3), (e, d, 1)):
        network.both_ways(start, end, minutes)
    network.ask("route", a, d)


def rings(network, rng):
    for size in (2, 3, 10, 50):
        stops = network.stops(size)
        for number, stop in enumerate(stops):
            network.one_way(stop, stops[(number + 1) % size], rng.randint(1, 1000) + (number == 0) * 5000)
        network.ask("time", stops[1], stops[0])
        network.ask("route", stops[1], stops[0])
        network.ask("time", *rng.sample(stops, 2))


def limits(network, rng):
    for _ in range(5):
        stops = network.stops(25)
        for place, stop in enumerate(stops):
            for step, least in ((1, 100), (2, 1_000), (5, 4_000), (9, 9_000)):
                other = stops[(place + step) % len(stops)]
                network.both_ways(stop, other, least + rng.randint(0, 900))
        for _ in range(3):
            place = rng.randrange(len(stops))
            across = stops[(place + rng.randint(9, 13)) % len(stops)]
            for most in (0, 1, 2, 4, 10):
                network.ask("limit", most, stops[place], across)


def large(network, rng):
    towns = []
    for _ in range(16):
        stops = network.stops(6_250)
        centre, hubs, line, leaves = stops[0], stops[1:51], stops[51:1151], stops[1151:]
        places = [(centre, hub) for hub in hubs]
        places += list(zip([hubs[0]] + line, line))
        places += [(hubs[number % 50], leaf) for number, leaf in enumerate(leaves)]
        for inner, outer in places:
            minutes = rng.randint(1, 90)
            network.both_ways(inner, outer, minutes)
            network.both_ways(inner, outer, minutes)
        towns.append(leaves)
    for number in range(50):
        network.ask("time", *rng.sample(towns[number % 16], 2))


def chain(network, rng):
    stops = network.stops(100_000)
    for start, end in zip(stops, stops[1:]):
        network.one_way(start, end, rng.randint(1, 90))
    network.ask("time", stops[0], stops[-1])
    network.ask("time", stops[1000], stops[90_000])


SHAPES = {"towns": towns, "ties": ties, "rings": rings, "limits": limits, "large": large, "chain": chain}


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seed", required=True)
    options.add_argument("--shape", choices=SHAPES, required=True)
    given = options.parse_args()

    network = Network(random.Random(f"{given.seed} {given.shape}"))
    SHAPES[given.shape](network, network.rng)
    network.rng.shuffle(network.roads)
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    sys.stdout.writelines(network.roads)
    sys.stdout.writelines(network.questions)


if __name__ == "__main__":
    main()
