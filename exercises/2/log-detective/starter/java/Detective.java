// log-detective: who came last night, how long they waited, and when they were there.

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

public class Detective {
    long lines, damaged;

    void read(InputStream stream) throws IOException {
        // In Latin-1 each byte is a letter: whatever a damaged line holds, it can be read.
        var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.ISO_8859_1));
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            lines++;
            String[] fields = line.split(" ", -1);
            // TODO: time, client, route and milliseconds are in fields, unless the line is damaged.
        }
    }

    String report() {
        // No name holds a quote or a backslash, so each may stand in JSON as it is.
        return "{\"lines\":" + lines + ",\"damaged\":" + damaged
                + ",\"top\":[]" // TODO: {"client":"10.0.0.7","requests":4}, at most ten
                + ",\"routes\":[]" // TODO: {"route":"/pay","requests":2,"p50":800,"p95":800,"p99":800}
                + ",\"sessions\":{\"count\":0,\"seconds\":0,\"longest\":0}}\n"; // TODO
    }

    public static void main(String[] paths) throws IOException {
        var log = new Detective();
        // TODO: when there are paths, the lines of these files are the log: Files.newInputStream.
        log.read(System.in);
        System.out.print(log.report());
    }
}
