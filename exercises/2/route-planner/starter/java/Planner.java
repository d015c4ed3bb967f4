// route-planner: the quickest way between two bus stops, on one-way roads.

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

public class Planner {
    record Road(String end, int minutes) {}

    public static void main(String[] arguments) throws IOException {
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Map<String, List<Road>> roads = new HashMap<>(); // by the stop where they begin
        var answers = new StringBuilder();

        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            if (words[0].equals("road")) {
                var road = new Road(words[2], Integer.parseInt(words[3]));
                roads.computeIfAbsent(words[1], stop -> new ArrayList<>()).add(road);
            } else {
                String start = words[words.length - 2], target = words[words.length - 1];
                // TODO: words[0] is "time", "route" or "limit"; of "limit", words[1] is the most changes.
                //       PriorityQueue is a heap.
                answers.append("NONE\n");
            }
        }
        // Nothing is printed before: an answer is either whole or not there.
        System.out.print(answers);
    }
}
