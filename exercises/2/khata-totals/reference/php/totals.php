<?php
// khata-totals: what each customer of a shop owes, from its ledger on standard input.

declare(strict_types=1); // a text where a number is needed is then a mistake, not a guess

const SIGN = ['credit' => +1, 'payment' => -1];

/** A line that is not an entry; the message says why. */
class BadLine extends Exception
{
}

// Money is a whole number of paise from the door in to the door out: a float cannot hold 0.10,
// and (int) (1.15 * 100) is 114.

function read_paise(string $text): int
{
    if (!preg_match('/\A([0-9]{1,13})(?:\.([0-9]{1,2}))?\z/', $text, $amount)) {
        throw new BadLine("'$text' is not an amount such as 120 or 120.50");
    }
    return (int) $amount[1] * 100 + (int) str_pad($amount[2] ?? '', 2, '0');
}

function write_rupees(int $paise): string
{
    $sign = $paise < 0 ? '-' : '';
    return sprintf('%s%d.%02d', $sign, intdiv(abs($paise), 100), abs($paise) % 100);
}

/** The name and the signed paise of one line: what was bought adds, what was paid takes away. */
function read_entry(string $line): array
{
    $fields = explode(',', $line);
    if (count($fields) !== 4) {
        throw new BadLine('4 fields are needed, here are ' . count($fields));
    }
    [$date, $name, $kind, $amount] = $fields;
    if (!preg_match('/\A[0-9]{4}-[0-9]{2}-[0-9]{2}\z/', $date)) {
        throw new BadLine("'$date' is not a date such as 2024-11-01");
    }
    // The u makes a dot one character of UTF-8; strlen() would count its bytes.
    if (!preg_match('/\A.{1,80}\z/su', $name)) {
        throw new BadLine('a name has 1 to 80 characters, in UTF-8');
    }
    if (!isset(SIGN[$kind])) {
        throw new BadLine("'$kind' is neither credit nor payment");
    }
    return [$name, SIGN[$kind] * read_paise($amount)];
}

/** The balance of each customer, by name. */
function read_ledger(string $text): array
{
    $balances = [];
    foreach (explode("\n", $text) as $index => $raw) {
        $line = str_ends_with($raw, "\r") ? substr($raw, 0, -1) : $raw;
        if (trim($line) === '' || str_starts_with($line, '#')) {
            continue;
        }
        try {
            [$name, $paise] = read_entry($line);
        } catch (BadLine $reason) {
            throw new BadLine('line ' . ($index + 1) . ': ' . $reason->getMessage());
        }
        $balances[$name] = ($balances[$name] ?? 0) + $paise;
    }
    return $balances;
}

function report(array $balances): string
{
    // An array turns the key "108" into the number 108: as names they become texts again.
    $names = array_map('strval', array_keys($balances));
    // strcmp compares bytes; < and <=> would take "10" and "1e1" for the same number.
    usort($names, fn ($name, $other) => $balances[$other] <=> $balances[$name] ?: strcmp($name, $other));

    $lines = "customer\tbalance\n";
    foreach ($names as $name) {
        $lines .= $name . "\t" . write_rupees($balances[$name]) . "\n";
    }
    return $lines . "TOTAL\t" . write_rupees(array_sum($balances)) . "\n";
}

try {
    echo report(read_ledger(stream_get_contents(STDIN)));
} catch (BadLine $problem) {
    // Not echo: standard output is for the answer alone.
    fwrite(STDERR, $problem->getMessage() . "\n");
    exit(2);
}
