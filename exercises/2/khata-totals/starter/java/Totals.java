// khata-totals: what each customer of a shop owes, from its ledger on standard input.

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

public class Totals {
    public static void main(String[] arguments) throws IOException {
        // We say that both are UTF-8: otherwise it depends on the machine.
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] fields = line.split(",", -1);
            // TODO: date, name, kind and amount are in fields. Keep a balance for each name, in paise.
            //       Texts are compared by kind.equals("credit"), never by ==.
        }

        out.print("customer\tbalance\n"); // println would end the line with CRLF on Windows
        // TODO: one line for each customer, highest balance first.
        out.print("TOTAL\t0.00\n"); // TODO: the sum of all balances
    }
}
