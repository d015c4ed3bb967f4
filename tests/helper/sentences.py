# SPDX-License-Identifier: MIT
"""Is every English sentence of the common catalogues one that the program makes?

usage: sentences.py TOP. Prints each sentence of TOP/exercises/text/*/messages.yaml with a part, between
its places, that stands in no text of TOP/grader/*/*.c and in no title of the road.
"""
import glob
import re
import sys

LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"')


def texts(top):
    """All string literals, joined ones as one, and the road's titles."""
    found = []
    for path in glob.glob(top + '/grader/*/*.c'):
        with open(path, encoding='utf-8') as file:
            source = re.sub(r'/\*.*?\*/', ' ', file.read(), flags=re.S)
        source = re.sub(r'"\s*\n\s*"', '', source)
        for text in LITERAL.findall(source):
            found.append(re.sub(r'%(?:[-+ 0#]*[\d.*]*(?:ll|z|l)?[a-z])', '\0', text))
    with open(top + '/exercises/milestones.yaml', encoding='utf-8') as file:
        found += re.findall(r'title: "?([^",}\n]*)', file.read())
    return '\n'.join(found)


def main(top):
    known = texts(top)
    for path in sorted(glob.glob(top + '/exercises/text/*/messages.yaml')):
        with open(path, encoding='utf-8') as file:
            says = file.read().split('\nsays:\n')[1]
        for key in re.findall(r'^  "((?:[^"\\]|\\.)*)":', says, flags=re.M):
            for part in re.split('%[sd]', key):
                # A value and a sentence are often joined by a colon, values by a comma.
                part = part.removeprefix(': ').removesuffix(', ')
                if part.replace('%%', '\0') not in known.replace('%%', '\0'):
                    print(f'{key}: nothing says "{part}"')


main(sys.argv[1])
