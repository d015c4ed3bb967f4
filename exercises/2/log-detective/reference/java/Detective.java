// log-detective: who came last night, how long they waited, and when they were there.

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

public class Detective {
    static final int LONGEST_PAUSE = 30 * 60; // seconds; after a longer one a new session begins
    static final int SLOWEST = 60_000; // milliseconds

    static final Pattern LINE = Pattern.compile(
            "(20[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
            + "T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:Z|[+-](?:0[0-9]|1[0-4])[0-5][0-9]))"
            + " ([0-9A-Za-z.:-]{1,40})"
            + " (/[0-9A-Za-z/._-]{0,99})"
            + " ([0-9]{1,5})");

    /** An instant as one number: those of all zones can then be compared and subtracted. */
    static long secondsOf(String time) {
        String zone = time.substring(19);
        ZoneOffset offset = ZoneOffset.of(zone);
        return LocalDateTime.parse(time.substring(0, 19)).toEpochSecond(offset);
    }

    /** The present session of a client, and how often he came. */
    static class Client {
        final String name;
        long requests, begin, latest;

        Client(String name, long now) {
            this.name = name;
            begin = now;
            latest = now;
        }
    }

    // What is kept of a log: as much as it has clients and routes, however many lines there are.
    final Matcher matcher = LINE.matcher("");
    final Map<String, Client> clients = new HashMap<>();
    final Map<String, int[]> routes = new TreeMap<>(); // how many requests took so many ms
    long lines, damaged, sessions, seconds, longest;
    String time = ""; // of the line before: many lines were written in the same second
    long now;

    void read(InputStream stream) throws IOException {
        // In Latin-1 each byte is a letter: whatever a damaged line holds, it can be read.
        var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.ISO_8859_1));
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            lines++;
            matcher.reset(line);
            if (matcher.matches() && Integer.parseInt(matcher.group(4)) <= SLOWEST) {
                add(matcher.group(1), matcher.group(2), matcher.group(3), Integer.parseInt(matcher.group(4)));
            } else {
                damaged++;
            }
        }
    }

    void add(String time, String client, String route, int latency) {
        if (!time.equals(this.time)) {
            this.time = time;
            now = secondsOf(time);
        }
        visit(clients.computeIfAbsent(client, name -> new Client(name, now)));
        routes.computeIfAbsent(route, name -> new int[SLOWEST + 1])[latency]++;
    }

    void visit(Client client) {
        client.requests++;
        if (now - client.latest > LONGEST_PAUSE) {
            endSession(client);
            client.begin = now;
        }
        client.latest = now;
    }

    void endSession(Client client) {
        long length = client.latest - client.begin;
        sessions++;
        seconds += length;
        longest = Math.max(longest, length);
    }

    // No name holds a quote or a backslash, so each may stand in JSON as it is.

    String report() {
        clients.values().forEach(this::endSession);
        return "{\"lines\":" + lines + ",\"damaged\":" + damaged
                + ",\"top\":" + topTen()
                + ",\"routes\":" + routes.entrySet().stream()
                        .map(row -> routeReport(row.getKey(), row.getValue()))
                        .collect(Collectors.joining(",", "[", "]"))
                + ",\"sessions\":{\"count\":" + sessions + ",\"seconds\":" + seconds
                + ",\"longest\":" + longest + "}}\n";
    }

    String topTen() {
        Comparator<Client> mostFirst = Comparator.comparing(client -> -client.requests);
        return clients.values().stream()
                .sorted(mostFirst.thenComparing(client -> client.name))
                .limit(10)
                .map(client -> "{\"client\":\"" + client.name + "\",\"requests\":" + client.requests + "}")
                .collect(Collectors.joining(",", "[", "]"));
    }

    static String routeReport(String route, int[] latencies) {
        long requests = 0;
        for (int count : latencies) {
            requests += count;
        }
        return "{\"route\":\"" + route + "\",\"requests\":" + requests
                + ",\"p50\":" + percentile(latencies, requests, 50)
                + ",\"p95\":" + percentile(latencies, requests, 95)
                + ",\"p99\":" + percentile(latencies, requests, 99) + "}";
    }

    /** By nearest rank: walk up the table until so many percent of all requests are behind you. */
    static int percentile(int[] latencies, long requests, int percent) {
        long rank = (percent * requests + 99) / 100; // rounded up, and exact: whole numbers only
        int latency = 0;
        for (long behind = latencies[0]; behind < rank; behind += latencies[latency]) {
            latency++;
        }
        return latency;
    }

    public static void main(String[] paths) throws IOException {
        var log = new Detective();
        for (String path : paths) {
            try (InputStream file = Files.newInputStream(Path.of(path))) {
                log.read(file);
            } catch (IOException problem) {
                System.err.println(path + ": this file cannot be read");
                System.exit(2);
            }
        }
        if (paths.length == 0) {
            log.read(System.in);
        }
        System.out.print(log.report());
    }
}
