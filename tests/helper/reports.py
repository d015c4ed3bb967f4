#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""reports.py junit|github FILE...: each is read by rules and parsers that are not milepost's."""
import re
import sys

MOST = 10  # annotations of a kind that GitHub shows


def junit(path):
    import junitparser

    report = junitparser.JUnitXml.fromfile(path)
    tests = failures = errors = skipped = 0
    for suite in report:
        cases = list(suite)
        results = [result for case in cases for result in case.result]
        count = {kind: sum(isinstance(result, kind) for result in results)
                 for kind in (junitparser.Failure, junitparser.Error, junitparser.Skipped)}
        assert suite.tests == len(cases), (suite.name, suite.tests, len(cases))
        assert suite.failures == count[junitparser.Failure], suite.name
        assert suite.errors == count[junitparser.Error], suite.name
        assert suite.skipped == count[junitparser.Skipped], suite.name
        names = [case.name for case in cases]
        assert len(set(names)) == len(names) and all(case.classname == suite.name for case in cases)
        assert all(result.message for result in results), suite.name
        tests, failures = tests + suite.tests, failures + suite.failures
        errors, skipped = errors + suite.errors, skipped + suite.skipped
    assert (report.tests, report.failures, report.errors, report.skipped) == (tests, failures, errors, skipped)
    return tests


def github(path):
    lines = open(path, encoding="utf-8").read().splitlines()
    kinds = {"error": 0, "warning": 0, "notice": 0}
    for line in lines:
        # What a runner takes: a kind, properties without bare : and , and a message on one line.
        found = re.fullmatch(r"::(error|warning|notice) title=([^:]*)::(.+)", line)
        assert found, line
        assert not re.search(r"%(?![0-9A-F]{2})", found[2] + found[3]), line
        kinds[found[1]] += 1
    assert all(count <= MOST for count in kinds.values()), kinds
    return len(lines)


def main():
    read = {"junit": junit, "github": github}[sys.argv[1]]
    for path in sys.argv[2:]:
        assert read(path) > 0, path


main()
