<?php
// khata-totals: what each customer of a shop owes, from its ledger on standard input.

declare(strict_types=1);

// PHP takes texts as the bytes they are, so UTF-8 goes in and comes out unharmed.
$lines = explode("\n", stream_get_contents(STDIN));

foreach ($lines as $index => $line) {
    $fields = explode(',', $line);
    // TODO: date, name, kind and amount are in $fields. Keep a balance for each name, in paise.
}

echo "customer\tbalance\n";
// TODO: one line for each customer, highest balance first.
echo "TOTAL\t0.00\n"; // TODO: the sum of all balances
