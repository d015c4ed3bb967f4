"""route-planner: the quickest way between two bus stops, on one-way roads."""

import heapq
import sys
from collections import defaultdict

# The cost of a road is its minutes, and one more unit for the road itself, so small that all roads
# of a way together never make a minute. To compare two costs is then to compare the minutes, and,
# when these are equal, the roads: one number says both.
MINUTE = 1_000_000


class UnknownStop(Exception):
    pass


class Network:
    def __init__(self):
        self.roads_from = defaultdict(list)  # by stop: (next stop, cost)
        self.roads_to = defaultdict(list)  # by stop: (stop before, cost)

    def add(self, start, end, minutes):
        cost = minutes * MINUTE + 1
        self.roads_from[start].append((end, cost))
        self.roads_to[end].append((start, cost))

    def require(self, stop):
        if stop not in self.roads_from and stop not in self.roads_to:
            raise UnknownStop(stop)

    def costs_to(self, target, start):
        """The least cost to TARGET of each stop that is no farther from it than START.

        This is Dijkstra's search, begun at the target and against the roads: what it knows at its
        end is, for each stop on the way, how far it still is. That is what a route is found by.
        """
        best = {target: 0}
        waiting = [(0, target)]
        while waiting:
            cost, stop = heapq.heappop(waiting)
            if stop == start:
                break
            if cost > best[stop]:
                continue  # a better way to this stop was found while this one waited
            for before, road in self.roads_to.get(stop, ()):
                if before not in best or cost + road < best[before]:
                    best[before] = cost + road
                    heapq.heappush(waiting, (cost + road, before))
        return best

    def costs_by_roads(self, target, roads):
        """A list: number N has the least cost to TARGET of each stop with at most N roads."""
        steps = [{target: 0}]
        for _ in range(roads):
            best = dict(steps[-1])
            for stop, cost in steps[-1].items():
                for before, road in self.roads_to.get(stop, ()):
                    if before not in best or cost + road < best[before]:
                        best[before] = cost + road
            steps.append(best)
        return steps

    def walk(self, start, target, cost_after):
        """From START, always to a stop from which what is left is least: the first by its name.

        cost_after(N) are the costs that hold after N roads.
        """
        route = [start]
        while route[-1] != target:
            here, left = cost_after(len(route) - 1)[route[-1]], cost_after(len(route))
            route.append(
                min(
                    stop
                    for stop, road in self.roads_from[route[-1]]
                    if stop in left and left[stop] + road == here
                )
            )
        return route


def answer(network, words):
    """The answer to a question, which is a list of words."""
    kind, *limit, start, target = words
    network.require(start)
    network.require(target)
    if kind == "limit":
        roads = int(limit[0]) + 1  # before each road but the first, there is a change
        steps = network.costs_by_roads(target, roads)
    else:
        roads = 0
        steps = [network.costs_to(target, start)]
    if start not in steps[roads]:
        return "NONE"
    minutes = str(steps[roads][start] // MINUTE)
    if kind == "time":
        return minutes
    route = network.walk(start, target, lambda done: steps[max(roads - done, 0)])
    return " ".join([minutes] + route)


def main():
    network = Network()
    answers = []
    for line in sys.stdin:
        words = line.split()
        if words[0] == "road":
            _, start, end, minutes = words
            network.add(start, end, int(minutes))
            continue
        try:
            answers.append(answer(network, words))
        except UnknownStop as stop:
            # Nothing was printed before: an answer is either whole or not there.
            print(f"there is no stop {stop}", file=sys.stderr)
            return 2
    for line in answers:
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
