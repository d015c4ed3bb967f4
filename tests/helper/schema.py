#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""schema.py SCHEMA PAGE SCORECARD...: scorecards against their schema, and the page against it too."""
import json
import sys

import jsonschema


def keys(node):
    """Every key that the schema names."""
    if isinstance(node, list):
        return {key for item in node for key in keys(item)}
    if not isinstance(node, dict):
        return set()
    found = set()
    for name, value in node.items():
        if name == "properties":
            found |= set(value)
        found |= keys(value)
    return found


def slips(node, where):
    """What is not canonical: fractions, null, keys that are not sorted."""
    if isinstance(node, dict):
        if list(node) != sorted(node):
            yield f"{where}: keys are not sorted"
        for name, value in node.items():
            yield from slips(value, f"{where}.{name}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from slips(value, f"{where}.{index}")
    elif not isinstance(node, (str, int)):
        yield f"{where}: {node!r}"


schema = json.load(open(sys.argv[1], encoding="utf-8"))
page = open(sys.argv[2], encoding="utf-8").read()
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)
failed = False
for name in sorted(keys(schema)):
    if f"`{name}`" not in page:
        print(f"{sys.argv[2]} does not explain {name}")
        failed = True
example = page.split("```json\n")[1].split("```")[0]
for name in sys.argv[3:]:
    card = json.load(open(name, encoding="utf-8"))
    for error in validator.iter_errors(card):
        print(f"{name}: {'.'.join(map(str, error.absolute_path))}: {error.message}")
        failed = True
    for slip in slips(card, name):
        print(slip)
        failed = True
# The page's example is shortened in one place only.
for error in validator.iter_errors(json.loads(example)):
    if list(error.absolute_path) != ["milestones"]:
        print(f"the example of {sys.argv[2]}: {error.message}")
        failed = True
sys.exit(failed)
