#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Makes a ledger for khata-totals: ledger.py --seed N --lines N [--shape mixed|plain|huge].

mixed  what a shop's ledger can hold, every named edge in each one: names in three scripts, one
       composed and one decomposed, three customers with the same balance, balances of 0.00 and
       -0.05, and a wholesaler whose sum goes wrong in floating point
plain  many customers with ASCII names and small, positive, different balances; they come out
       in the order of their names, so that only the work itself is tried
huge   as plain, but sums go up to 10^15 paise

The same seed gives the same bytes. Amounts are whole paise in here.
"""

import argparse
import random
import sys
from datetime import date, timedelta

LATIN = """Anil Asha Bharat Chitra Deepak Esther Farida Gopal Harpreet Imran Jaya Kabir Lakshmi
    Meena Nadeem Omana Pooja Ravi Sunita Tenzin Usha Varun Yusuf Zoya""".split()
FAMILY = "Bose Das Gill Iyer Khan Mehta Nair Patel Rao Reddy Sharma Singh".split()
DEVANAGARI = "आशा रवि सुनीता गोपाल फ़रीदा लक्ष्मी ज़ोया इमरान मीना दीपक".split()
TAMIL = "கவிதா முருகன் செல்வி அன்பு மீனாட்சி பாரதி வேலு இளங்கோ".split()

# An é of one code point, an é of two: two customers, for nothing may be normalised.
COMPOSED, DECOMPOSED = "Ren\u00e9 Pinto", "Rene\u0301 Pinto"


def rupees(paise, rng):
    """An amount as somebody may write it: 120, 120.5 or 120.50 are all right."""
    whole, rest = divmod(paise, 100)
    if rest % 10:
        return f"{whole}.{rest:02}"
    if rest:
        return f"{whole}.{rest // 10}" if rng.random() < 0.5 else f"{whole}.{rest}"
    return f"{whole}" if rng.random() < 0.7 else f"{whole}.00"


def small_amount(rng):
    return rng.randint(1, 5_000_000)


def entries_with_sum(total, count, rng):
    """COUNT signed amounts that add up to TOTAL."""
    amounts = [small_amount(rng) * rng.choice([1, 1, -1]) for _ in range(count - 1)]
    return amounts + [total - sum(amounts)]


def drifting(start, endings, rng):
    """One large credit, then credits that each lose nearly half a last bit when added to it in
    floating point, always in the same direction: after 18 of them the second decimal is wrong."""
    return [start] + [rng.randint(1, 900) * 100 + rng.choice(endings) for _ in range(18)]


def mixed_customers(lines, rng):
    """Name and signed amounts of each customer of a mixed ledger."""
    tamil = rng.sample(TAMIL, len(TAMIL))
    devanagari = rng.sample(DEVANAGARI, len(DEVANAGARI))
    latin = rng.sample([f"{a} {b}" for a in LATIN for b in FAMILY] + LATIN, 40)

    # Between 2^42 and 2^43 rupees the last bit is 1/1024 rupee, and 0.02 rupee is 20.48 of them.
    start = rng.randint(4_500_000_000_000, 8_700_000_000_000) * 100 + rng.randint(0, 99)
    customers = [(tamil.pop(), drifting(start, [2, 27, 52, 77], rng))]

    tie = small_amount(rng)
    for name in (latin.pop(), devanagari.pop(), tamil.pop()):
        customers.append((name, entries_with_sum(tie, 3, rng)))
    customers.append((latin.pop(), entries_with_sum(0, 3, rng)))
    customers.append((devanagari.pop(), entries_with_sum(-5, 2, rng)))
    customers.append((latin.pop(), [-(small_amount(rng) * 100 + rng.randint(1, 99))]))
    customers.append((COMPOSED, entries_with_sum(small_amount(rng), 2, rng)))
    customers.append((DECOMPOSED, entries_with_sum(small_amount(rng), 2, rng)))

    others = latin[:12] + devanagari + tamil
    amounts = {name: [] for name in others}
    for _ in range(lines - sum(len(amounts) for _, amounts in customers)):
        amounts[rng.choice(others)].append(small_amount(rng) * rng.choice([1, 1, -1]))
    return customers + list(amounts.items())


def ranked(all_amounts):
    """Give names in such a way that the highest balance has the first name."""
    all_amounts.sort(key=sum, reverse=True)
    names = [
        f"{LATIN[i % len(LATIN)]} {FAMILY[i // 7 % len(FAMILY)]} {i:05}"
        for i in range(len(all_amounts))
    ]
    return list(zip(sorted(names), all_amounts))


def plain_amounts(lines, rng):
    """Lists of amounts whose sums are positive and all different."""
    count = 10 + lines // 64
    wanted = rng.sample(range(100, 100 + 1_000 * count), count)
    share, rest = divmod(lines, count)
    return [entries_with_sum(wanted[i], share + (i < rest), rng) for i in range(count)]


def plain_customers(lines, rng):
    return ranked(plain_amounts(lines, rng))


def huge_customers(lines, rng):
    # Between 2^43 and 2^44 rupees the last bit is 1/512 rupee, and 0.04 rupee is 20.48 of them.
    start = rng.randint(8_900_000_000_000, 9_900_000_000_000) * 100 + rng.randint(0, 99)
    wholesaler = drifting(start, [4, 29, 54, 79], rng)
    return ranked([wholesaler] + plain_amounts(lines - len(wholesaler), rng))


SHAPES = {"mixed": mixed_customers, "plain": plain_customers, "huge": huge_customers}


def shuffled_entries(customers, rng):
    """All entries in a random order; but each customer's first one stays his first."""
    order = [name for name, amounts in customers for _ in amounts]
    rng.shuffle(order)
    left = {name: iter(amounts) for name, amounts in customers}
    return [(name, next(left[name])) for name in order]


def written(entries, rng):
    """The lines of a financial year, from the first of April on."""
    days = [str(date(2024, 4, 1) + timedelta(days=number)) for number in range(365)]
    for number, (name, paise) in enumerate(entries):
        day = days[number * len(days) // len(entries)]
        kind = "payment" if paise < 0 else "credit"
        yield f"{day},{name},{kind},{rupees(abs(paise), rng)}\n"


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seed", required=True)
    options.add_argument("--lines", type=int, required=True)
    options.add_argument("--shape", choices=SHAPES, default="mixed")
    given = options.parse_args()
    if given.lines < 100:
        options.error("a ledger has at least 100 lines")

    rng = random.Random(f"{given.seed} {given.shape} {given.lines}")
    entries = shuffled_entries(SHAPES[given.shape](given.lines, rng), rng)
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    sys.stdout.writelines(written(entries, rng))


if __name__ == "__main__":
    main()
