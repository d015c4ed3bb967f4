#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What a server that was killed many times has in its ledger, against what it should have.

killed.py MILEPOST DATA WORK EXERCISE=HANDLE...: the learner HANDLE changed this one exercise in each of their commits;
the file WORK/HANDLE.commits, if there is one, has those of which git said that they are taken.
Prints a line for each thing that is wrong, then "N commits". Each commit that a ref of the server ever had must have
one ticket that is graded and one score, whose card is, byte by byte, that of `milepost grade` that nobody disturbs.
"""
import hashlib
import json
import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

milepost, data, work = sys.argv[1:4]
exercises = {handle: exercise for exercise, _, handle in (word.partition("=") for word in sys.argv[4:])}
ledger = sqlite3.connect(f"file:{data}/ledger.db?mode=ro", uri=True)
site_key = ledger.execute("SELECT key FROM site").fetchone()[0]


def git(handle, *words):
    command = ["git", "-c", "safe.directory=*", f"--git-dir={data}/repositories/{handle}.git", *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()


def commits_of(handle):
    """All that main and the kept refs name; not the template's own, which has no parent and which nobody pushed."""
    tips = git(handle, "for-each-ref", "--format=%(objectname)", "refs/heads/main", "refs/milepost/kept")
    return git(handle, "rev-list", "--no-walk", "--min-parents=1", *tips)


def confirmed_of(handle):
    path = f"{work}/{handle}.commits"
    if not os.path.exists(path):
        return set()
    with open(path, encoding="ascii") as file:
        return set(file.read().split())


def pipe_of(content):
    end, other = os.pipe()
    os.write(other, content)
    os.close(other)
    return end


def undisturbed(handle, learner, commit):
    """The events "result" of a grading like a worker's."""
    key = pipe_of(hashlib.blake2b(b"learner %d" % learner, key=site_key, digest_size=32).digest())
    end, other = os.pipe()
    command = [milepost, "grade", f"{handle}.git@{commit}", "--trust", "foreign", "--exercise", exercises[handle],
               "--events", str(other), "--site-key", str(key)]
    with subprocess.Popen(command, cwd=f"{data}/repositories", pass_fds=(key, other), stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as process:
        os.close(key)
        os.close(other)
        with open(end, encoding="utf-8") as events:
            lines = [json.loads(line) for line in events]
        process.wait()
    return [line for line in lines if line["kind"] == "result"]


def rows(sql, *values):
    return ledger.execute(sql, values).fetchall()


def stored(learner, commit):
    """What is wrong with its tickets, and its scores."""
    wrong = []
    states = [row[0] for row in rows("SELECT state FROM ticket WHERE learner = ? AND commit_hex = ?", learner, commit)]
    if states.count("graded") != 1 or set(states) - {"graded", "void"}:
        wrong.append(f"its tickets are {states}")
    scores = rows("SELECT s.exercise, s.seed, s.score, p.card FROM score s JOIN paper p ON p.score = s.id "
                  "JOIN ticket t ON t.id = s.ticket WHERE t.learner = ? AND t.commit_hex = ?", learner, commit)
    return wrong, scores


def compare(handle, learner, commit, scores):
    wanted = [(r["exercise"], r["seed"], r["score"], r["card"]) for r in undisturbed(handle, learner, commit)]
    if scores == wanted and len(wanted) == 1:
        return []
    return [f"its scores are {[s[:3] for s in scores]}, undisturbed {[w[:3] for w in wanted]}"
            + ("; the cards differ" if [s[:3] for s in scores] == [w[:3] for w in wanted] else "")]


def check_learner(learner, handle):
    """What is wrong, and the number of commits."""
    commits = commits_of(handle)
    found = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = []
        for commit in commits:
            wrong, scores = stored(learner, commit)
            jobs.append((commit, wrong, pool.submit(compare, handle, learner, commit, scores)))
        for commit, wrong, job in jobs:
            found += [f"{handle} {commit[:7]}: {what}" for what in wrong + job.result()]
    if not commits:
        found.append(f"{handle} has pushed nothing")
    found += [f"{handle} {commit[:7]}: git said that it is taken, and no ref has it"
              for commit in confirmed_of(handle) - set(commits)]
    used = rows("SELECT count(*) FROM ticket WHERE learner = ? AND state NOT IN ('void', 'failed')", learner)[0][0]
    if used != len(commits):
        found.append(f"{handle} has used {used} attempts for {len(commits)} commits")
    return found, len(commits)


found = [f"ticket {id} is {state} with {faults} faults: {reason}" for id, state, faults, reason in rows(
    "SELECT id, state, faults, reason FROM ticket WHERE state NOT IN ('graded', 'void') OR faults > 0")]
found += [f"ticket {id} has {ends} events 'ended', {count} events, the last is number {last}"
          for id, ends, count, last in rows(
              "SELECT t.id, total(e.kind = 'ended') AS ends, count(e.number) AS c, max(e.number) AS m FROM ticket t "
              "LEFT JOIN event e ON e.ticket = t.id GROUP BY t.id HAVING ends <> 1 OR c <> m")]
total = 0
for number, name in rows("SELECT id, handle FROM learner ORDER BY id"):
    said, count = check_learner(number, name)
    found += said
    total += count
print("".join(f"{line}\n" for line in found) + f"{total} commits")
