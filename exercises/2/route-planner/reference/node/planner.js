// route-planner: the quickest way between two bus stops, on one-way roads.
"use strict";

// The cost of a road is its minutes, and one more unit for the road itself, so small that all roads
// of a way together never make a minute. To compare two costs is then to compare the minutes, and,
// when these are equal, the roads: one number says both.
const MINUTE = 1000000;

class UnknownStop extends Error {}

// What waits, the least cost first: a heap. The children of entry i are 2i+1 and 2i+2, and none
// costs less than its parent; so the least is at the front, and each change needs few steps.
class Heap {
  entries = [];

  push(entry) {
    const { entries } = this;
    let at = entries.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (entries[parent].cost <= entry.cost) break;
      entries[at] = entries[parent];
      at = parent;
    }
    entries[at] = entry;
  }

  // Takes out the entry with the least cost; undefined when there is none.
  pop() {
    const { entries } = this;
    const least = entries[0];
    const last = entries.pop();
    if (entries.length === 0) return least;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= entries.length) break;
      if (child + 1 < entries.length && entries[child + 1].cost < entries[child].cost) child++;
      if (last.cost <= entries[child].cost) break;
      entries[at] = entries[child];
      at = child;
    }
    entries[at] = last;
    return least;
  }
}

class Network {
  roadsFrom = new Map(); // by stop: roads that begin there
  roadsTo = new Map(); // by stop: roads that end there

  add(start, end, minutes) {
    const cost = minutes * MINUTE + 1;
    for (const stop of [start, end]) {
      if (this.roadsFrom.has(stop)) continue;
      this.roadsFrom.set(stop, []);
      this.roadsTo.set(stop, []);
    }
    this.roadsFrom.get(start).push({ stop: end, cost });
    this.roadsTo.get(end).push({ stop: start, cost });
  }

  require(stop) {
    if (!this.roadsFrom.has(stop)) throw new UnknownStop(`there is no stop ${stop}`);
  }

  // The least cost to the target of each stop that is no farther from it than the start.
  //
  // This is Dijkstra's search, begun at the target and against the roads: what it knows at its end
  // is, for each stop on the way, how far it still is. That is what a route is found by.
  costsTo(target, start) {
    const best = new Map([[target, 0]]);
    const waiting = new Heap();
    waiting.push({ cost: 0, stop: target });
    for (let next = waiting.pop(); next && next.stop !== start; next = waiting.pop()) {
      if (next.cost > best.get(next.stop)) continue; // a better way was found while this waited
      for (const road of this.roadsTo.get(next.stop)) {
        const cost = next.cost + road.cost;
        if (cost >= (best.get(road.stop) ?? Infinity)) continue;
        best.set(road.stop, cost);
        waiting.push({ cost, stop: road.stop });
      }
    }
    return best;
  }

  // A list: number N has the least cost to the target of each stop with at most N roads.
  costsByRoads(target, roads) {
    const steps = [new Map([[target, 0]])];
    for (let count = 1; count <= roads; count++) {
      const before = steps[count - 1];
      const best = new Map(before);
      for (const [stop, left] of before) {
        for (const road of this.roadsTo.get(stop)) {
          const cost = left + road.cost;
          if (cost < (best.get(road.stop) ?? Infinity)) best.set(road.stop, cost);
        }
      }
      steps.push(best);
    }
    return steps;
  }

  // From the start, always to a stop from which what is left is least: the first by its name.
  // costAfter(N) are the costs that hold after N roads.
  walk(start, target, costAfter) {
    const route = [start];
    for (let stop = start; stop !== target; route.push(stop)) {
      const here = costAfter(route.length - 1).get(stop);
      const left = costAfter(route.length);
      const best = this.roadsFrom
        .get(stop)
        .filter((road) => left.get(road.stop) + road.cost === here)
        .map((road) => road.stop);
      stop = best.sort()[0]; // plain letters: by their bytes
    }
    return route;
  }
}

// The answer to a question, which is a list of words.
function answer(network, words) {
  const kind = words[0];
  const [start, target] = words.slice(-2);
  network.require(start);
  network.require(target);
  // Before each road but the first, there is a change.
  const roads = kind === "limit" ? Number(words[1]) + 1 : 0;
  const steps =
    kind === "limit" ? network.costsByRoads(target, roads) : [network.costsTo(target, start)];

  const cost = steps[roads].get(start);
  if (cost === undefined) return "NONE";
  const minutes = Math.floor(cost / MINUTE);
  if (kind === "time") return `${minutes}`;
  const route = network.walk(start, target, (done) => steps[Math.max(roads - done, 0)]);
  return [minutes, ...route].join(" ");
}

async function readAll(stream) {
  const pieces = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces).toString("utf8");
}

async function main() {
  const lines = (await readAll(process.stdin)).split("\n");
  if (lines.at(-1) === "") lines.pop(); // what stands behind the last line end
  const network = new Network();
  const answers = [];
  try {
    for (const line of lines) {
      const words = line.split(" ");
      if (words[0] === "road") network.add(words[1], words[2], Number(words[3]));
      else answers.push(answer(network, words));
    }
  } catch (problem) {
    if (!(problem instanceof UnknownStop)) throw problem;
    // Nothing was printed before: an answer is either whole or not there.
    console.error(problem.message);
    process.exitCode = 2;
    return;
  }
  for (const line of answers) console.log(line);
}

main();
