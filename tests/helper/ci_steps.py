#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""ci_steps.py github|gitlab FILE: the commands of a CI recipe as one shell script.

Each `run:` of GitHub is a shell of its own that ends at the first failure, as the runner starts it; GitLab runs
the lines of `script:` in one.
"""
import shlex
import sys

import yaml


def github(recipe):
    steps = recipe["jobs"]["grade"]["steps"]
    assert recipe["jobs"]["grade"]["container"]["image"] == "debian:12"
    checkout = [step for step in steps if step.get("uses", "").startswith("actions/checkout@")]
    assert len(checkout) == 1 and checkout[0]["with"]["fetch-depth"] == 0, "the whole history is fetched"
    return ["bash -e -o pipefail -c " + shlex.quote(step["run"]) for step in steps if "run" in step]


def gitlab(recipe):
    job = recipe["grade"]
    assert job["image"] == "debian:12" and job["variables"]["GIT_DEPTH"] == 0
    assert job["artifacts"]["reports"]["junit"] == "milepost.xml"
    return ["bash -e -o pipefail -c " + shlex.quote("\n".join(job["script"]))]


def main():
    with open(sys.argv[2], encoding="utf-8") as file:
        recipe = yaml.safe_load(file)
    commands = {"github": github, "gitlab": gitlab}[sys.argv[1]](recipe)
    print("set -e\n" + "\n".join(commands))


main()
