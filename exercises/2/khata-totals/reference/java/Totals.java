// khata-totals: what each customer of a shop owes, from its ledger on standard input.

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

public class Totals {
    static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    static final Pattern AMOUNT = Pattern.compile("([0-9]{1,13})(?:\\.([0-9]{1,2}))?");
    static final Map<String, Integer> SIGN = Map.of("credit", +1, "payment", -1);

    /** A line that is not an entry; the message says why. */
    static class BadLine extends Exception {
        BadLine(String message) {
            super(message);
        }
    }

    /** What one line says; paise are negative when they were paid. */
    record Entry(String name, long paise) {}

    // Money is a whole number of paise from the door in to the door out: a double cannot hold 0.10.
    // And it is a long: an int ends at 2,147,483,647 paise, and silently begins again from below.

    static long readPaise(String text) throws BadLine {
        Matcher amount = AMOUNT.matcher(text);
        if (!amount.matches()) {
            throw new BadLine("'" + text + "' is not an amount such as 120 or 120.50");
        }
        String paise = amount.group(2) == null ? "" : amount.group(2);
        return Long.parseLong(amount.group(1)) * 100 + Long.parseLong((paise + "00").substring(0, 2));
    }

    static String writeRupees(long paise) {
        long size = Math.abs(paise);
        String rest = size % 100 < 10 ? "0" + size % 100 : "" + size % 100;
        return (paise < 0 ? "-" : "") + size / 100 + "." + rest;
    }

    static Entry readEntry(String line) throws BadLine {
        String[] fields = line.split(",", -1); // without -1, empty fields at the end are dropped
        if (fields.length != 4) {
            throw new BadLine("4 fields are needed, here are " + fields.length);
        }
        String date = fields[0], name = fields[1], kind = fields[2], amount = fields[3];
        if (!DATE.matcher(date).matches()) {
            throw new BadLine("'" + date + "' is not a date such as 2024-11-01");
        }
        int length = name.codePointCount(0, name.length()); // length() counts some letters twice
        if (length < 1 || length > 80) {
            throw new BadLine("a name has 1 to 80 characters, here are " + length);
        }
        if (!SIGN.containsKey(kind)) {
            throw new BadLine("'" + kind + "' is neither credit nor payment");
        }
        return new Entry(name, SIGN.get(kind) * readPaise(amount));
    }

    /** The balance of each customer, by name. */
    static Map<String, Long> readLedger(String text) throws BadLine {
        Map<String, Long> balances = new HashMap<>();
        int number = 0;
        for (String raw : text.split("\n", -1)) {
            number++;
            String line = raw.endsWith("\r") ? raw.substring(0, raw.length() - 1) : raw;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            try {
                Entry entry = readEntry(line);
                balances.merge(entry.name(), entry.paise(), Long::sum);
            } catch (BadLine reason) {
                throw new BadLine("line " + number + ": " + reason.getMessage());
            }
        }
        return balances;
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String report(Map<String, Long> balances) {
        Comparator<Map.Entry<String, Long>> highestFirst = Map.Entry.comparingByValue(Comparator.reverseOrder());
        // Bytes above 127 are negative to Java: the comparison must be told that they have no sign.
        Comparator<Map.Entry<String, Long>> byName =
            Map.Entry.comparingByKey((name, other) -> Arrays.compareUnsigned(utf8(name), utf8(other)));

        StringBuilder lines = new StringBuilder("customer\tbalance\n");
        balances.entrySet().stream().sorted(highestFirst.thenComparing(byName)).forEach(customer ->
            lines.append(customer.getKey()).append('\t').append(writeRupees(customer.getValue())).append('\n'));
        long total = balances.values().stream().mapToLong(Long::longValue).sum();
        return lines.append("TOTAL\t").append(writeRupees(total)).append('\n').toString();
    }

    public static void main(String[] arguments) throws IOException {
        // Input and output are UTF-8 because we say so: what a String or System.out takes by itself
        // depends on the machine. Nothing is printed before the whole ledger is known to be good.
        String text = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
        try {
            System.out.write(utf8(report(readLedger(text))));
            System.out.flush();
        } catch (BadLine problem) {
            System.err.write(utf8(problem.getMessage() + "\n"));
            System.exit(2);
        }
    }
}
