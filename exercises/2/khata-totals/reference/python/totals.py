"""khata-totals: what each customer of a shop owes, from its ledger on standard input."""

import re
import sys

DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
AMOUNT = re.compile(r"([0-9]{1,13})(?:\.([0-9]{1,2}))?")
SIGN = {"credit": +1, "payment": -1}


class BadLine(Exception):
    """A line that is not an entry; the message says why."""


# Money is a whole number of paise from the door in to the door out: a float cannot hold 0.10.


def read_paise(text):
    amount = AMOUNT.fullmatch(text)
    if not amount:
        raise BadLine(f"'{text}' is not an amount such as 120 or 120.50")
    rupees, paise = amount.groups(default="")
    return int(rupees) * 100 + int(paise.ljust(2, "0"))


def write_rupees(paise):
    sign = "-" if paise < 0 else ""
    rupees, rest = divmod(abs(paise), 100)
    return f"{sign}{rupees}.{rest:02}"


def read_entry(line):
    """The name and the signed paise of one line: what was bought adds, what was paid takes away."""
    fields = line.split(",")
    if len(fields) != 4:
        raise BadLine(f"4 fields are needed, here are {len(fields)}")
    date, name, kind, amount = fields
    if not DATE.fullmatch(date):
        raise BadLine(f"'{date}' is not a date such as 2024-11-01")
    if not 1 <= len(name) <= 80:
        raise BadLine(f"a name has 1 to 80 characters, here are {len(name)}")
    if kind not in SIGN:
        raise BadLine(f"'{kind}' is neither credit nor payment")
    return name, SIGN[kind] * read_paise(amount)


def read_ledger(lines):
    """The balance of each customer, by name. The lines are bytes: we say that they are UTF-8."""
    balances = {}
    for number, raw in enumerate(lines, start=1):
        try:
            line = raw.decode("utf-8").rstrip("\r\n")
            if not line.strip() or line.startswith("#"):
                continue
            name, paise = read_entry(line)
        except UnicodeDecodeError:
            raise BadLine(f"line {number}: this is not UTF-8") from None
        except BadLine as reason:
            raise BadLine(f"line {number}: {reason}") from None
        balances[name] = balances.get(name, 0) + paise
    return balances


def report(balances):
    def highest_first_then_name(customer):
        name, paise = customer
        return -paise, name.encode("utf-8")

    yield "customer\tbalance"
    for name, paise in sorted(balances.items(), key=highest_first_then_name):
        yield f"{name}\t{write_rupees(paise)}"
    yield f"TOTAL\t{write_rupees(sum(balances.values()))}"


def main():
    # Nothing is printed before the whole ledger is known to be good.
    try:
        balances = read_ledger(sys.stdin.buffer)
    except BadLine as problem:
        print(problem, file=sys.stderr)
        return 2
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    for line in report(balances):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
