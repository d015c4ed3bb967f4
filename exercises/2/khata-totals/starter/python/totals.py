"""khata-totals: what each customer of a shop owes, from its ledger on standard input."""

import sys

# We say that it is UTF-8: otherwise it depends on the machine.
sys.stdin.reconfigure(encoding="utf-8", newline="\n")
sys.stdout.reconfigure(encoding="utf-8", newline="\n")

for number, line in enumerate(sys.stdin, start=1):
    fields = line.split(",")
    # TODO: date, name, kind and amount are in fields. Keep a balance for each name, in paise.

print("customer\tbalance")
# TODO: one line for each customer, highest balance first.
print("TOTAL\t0.00")  # TODO: the sum of all balances
