// route-planner: the quickest way between two bus stops, on one-way roads.

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.IntFunction;

public class Planner {
    // The cost of a road is its minutes, and one more unit for the road itself, so small that all
    // roads of a way together never make a minute. To compare two costs is then to compare the
    // minutes, and, when these are equal, the roads: one number says both.
    static final long MINUTE = 1_000_000;

    static class UnknownStop extends Exception {
        UnknownStop(String message) {
            super(message);
        }
    }

    static class Stop {
        final String name;
        final List<Road> roadsFrom = new ArrayList<>(4), roadsTo = new ArrayList<>(4);

        Stop(String name) {
            this.name = name;
        }
    }

    record Road(Stop start, Stop end, long cost) {}

    /** A stop that was reached, at a cost that may meanwhile be out of date. */
    record Reached(Stop stop, long cost) {}

    final Map<String, Stop> stops = new HashMap<>();

    void add(String from, String to, int minutes) {
        Stop start = stops.computeIfAbsent(from, Stop::new);
        Stop end = stops.computeIfAbsent(to, Stop::new);
        var road = new Road(start, end, minutes * MINUTE + 1);
        start.roadsFrom.add(road);
        end.roadsTo.add(road);
    }

    Stop stop(String name) throws UnknownStop {
        Stop stop = stops.get(name);
        if (stop == null) {
            throw new UnknownStop("there is no stop " + name);
        }
        return stop;
    }

    /**
     * The least cost to the target of each stop that is no farther from it than the start.
     *
     * This is Dijkstra's search, begun at the target and against the roads: what it knows at its
     * end is, for each stop on the way, how far it still is. That is what a route is found by.
     */
    static Map<Stop, Long> costsTo(Stop target, Stop start) {
        Map<Stop, Long> best = new HashMap<>(Map.of(target, 0L));
        var waiting = new PriorityQueue<Reached>(Comparator.comparingLong(Reached::cost));
        waiting.add(new Reached(target, 0));
        for (Reached next = waiting.poll(); next != null && next.stop != start; next = waiting.poll()) {
            if (next.cost > best.get(next.stop)) {
                continue; // a better way to this stop was found while this one waited
            }
            for (Road road : next.stop.roadsTo) {
                long cost = next.cost + road.cost;
                if (cost < best.getOrDefault(road.start, Long.MAX_VALUE)) {
                    best.put(road.start, cost);
                    waiting.add(new Reached(road.start, cost));
                }
            }
        }
        return best;
    }

    /** A list: number N has the least cost to the target of each stop with at most N roads. */
    static List<Map<Stop, Long>> costsByRoads(Stop target, int roads) {
        List<Map<Stop, Long>> steps = new ArrayList<>(List.of(Map.of(target, 0L)));
        for (int count = 0; count < roads; count++) {
            Map<Stop, Long> before = steps.get(count);
            Map<Stop, Long> best = new HashMap<>(before);
            before.forEach((stop, left) -> {
                for (Road road : stop.roadsTo) {
                    best.merge(road.start, left + road.cost, Math::min);
                }
            });
            steps.add(best);
        }
        return steps;
    }

    /**
     * From the start, always to a stop from which what is left is least: the first by its name.
     * costAfter(N) are the costs that hold after N roads. Returns names.
     */
    static List<String> walk(Stop start, Stop target, IntFunction<Map<Stop, Long>> costAfter) {
        List<String> route = new ArrayList<>(List.of(start.name));
        for (Stop stop = start; stop != target; route.add(stop.name)) {
            long here = costAfter.apply(route.size() - 1).get(stop);
            Map<Stop, Long> left = costAfter.apply(route.size());
            stop = stop.roadsFrom.stream()
                    .filter(road -> left.containsKey(road.end) && left.get(road.end) + road.cost == here)
                    .map(Road::end)
                    .min(Comparator.comparing(end -> end.name))
                    .orElseThrow();
        }
        return route;
    }

    /** The answer to a question, which is a list of words. */
    String answer(String[] words) throws UnknownStop {
        String kind = words[0];
        Stop start = stop(words[words.length - 2]);
        Stop target = stop(words[words.length - 1]);
        boolean isLimited = kind.equals("limit");
        int roads = isLimited ? Integer.parseInt(words[1]) + 1 : 0; // a change before each but the first
        var steps = isLimited ? costsByRoads(target, roads) : List.of(costsTo(target, start));

        Long cost = steps.get(roads).get(start);
        if (cost == null) {
            return "NONE";
        }
        String minutes = Long.toString(cost / MINUTE);
        if (kind.equals("time")) {
            return minutes;
        }
        var route = walk(start, target, done -> steps.get(Math.max(roads - done, 0)));
        return minutes + " " + String.join(" ", route);
    }

    public static void main(String[] arguments) throws IOException {
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var network = new Planner();
        var answers = new StringBuilder();
        try {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] words = line.split(" ");
                if (words[0].equals("road")) {
                    network.add(words[1], words[2], Integer.parseInt(words[3]));
                } else {
                    answers.append(network.answer(words)).append('\n');
                }
            }
        } catch (UnknownStop problem) {
            // Nothing was printed before: an answer is either whole or not there.
            System.err.println(problem.getMessage());
            System.exit(2);
        }
        System.out.print(answers);
    }
}
