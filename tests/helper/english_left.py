# SPDX-License-Identifier: MIT
"""What is still English in a text report in another language, and what is wider than a terminal?

usage: english_left.py < REPORT. Prints each line with three or more English words in a row that
are ours to translate, and each line of more than 80 columns. Nothing is printed when all is well.

Not ours, and left out: what stands in quotes or in a tag, commands, what a program said.
"""
import re
import sys
import unicodedata

COLUMNS = 80
VALUE_INDENT = 8  # a broken value goes on at least so deep
# Commands that repeat a request, and their rest on the lines after a backslash.
COMMAND = re.compile(r'  (?:printf|curl|cat|git|milepost|python3|node|java|ruby|php|for) ?')
# From these words on, up to the next line that is not deeper, a program speaks.
SAID = ('उसने कहा', 'उसने आख़िर में यह कहा:')
# What may stay, and why.
ALLOWED = re.compile('|'.join((
    r'milepost \w+ [\w-]+',  # a command within a sentence
    r'\b[1-5]\d\d(?: [A-Z][a-z]+)+',  # a status line: it is HTTP's own
)))
ROW = re.compile(r"(?:[A-Za-z][A-Za-z'’-]+ ){2,}[A-Za-z][A-Za-z'’-]+")


def columns(line):
    """As wcwidth(3) counts."""
    width = 0
    for letter in line:
        if unicodedata.category(letter) not in ('Mn', 'Me', 'Cf'):
            width += 2 if unicodedata.east_asian_width(letter) in 'WF' else 1
    return width


def indent(line):
    return len(line) - len(line.lstrip(' '))


def without_values(line, end):
    """LINE without quoted texts and tags; END is what a value of the line before still waits for."""
    kept = ''
    for at, letter in enumerate(line):
        if end:
            end = '' if letter == end and line[at - 1:at] != '\\' else end
        elif letter in '"<' and line[at + 1:at + 2] != ' ':
            end = '"' if letter == '"' else '>'
            kept += '|'
        else:
            kept += letter
    return kept, end


def ours(lines):
    """The lines without what is not ours."""
    is_command = False
    said = None
    end = ''
    for line in lines:
        if said is not None and (not line.strip() or indent(line) <= said):
            said = None
        if is_command or COMMAND.match(line):
            is_command = line.endswith('\\')
            continue
        if said is not None:
            continue
        if line.strip().startswith(SAID):
            said = indent(line)
            continue
        kept, end = without_values(line, end if indent(line) >= VALUE_INDENT else '')
        yield line, ALLOWED.sub('|', kept)


def main():
    lines = sys.stdin.read().split('\n')
    for line in lines:
        if columns(line) > COLUMNS:
            print(f'{columns(line)} columns: {line}')
    for line, kept in ours(lines):
        if ROW.search(kept):
            print(f'English: {line}')


main()
