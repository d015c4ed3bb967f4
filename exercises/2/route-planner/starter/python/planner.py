"""route-planner: the quickest way between two bus stops, on one-way roads."""

import sys
from collections import defaultdict

roads = defaultdict(list)  # by stop: (next stop, minutes)
answers = []

for line in sys.stdin:
    kind, *words = line.split()
    if kind == "road":
        start, end, minutes = words
        roads[start].append((end, int(minutes)))
    else:
        start, target = words[-2:]  # of a question "limit", words[0] is the most changes
        # TODO: kind is "time", "route" or "limit". heapq is a heap.
        answers.append("NONE")

# Nothing is printed before: an answer is either whole or not there.
for line in answers:
    print(line)
