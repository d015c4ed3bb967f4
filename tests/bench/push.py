#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Pushes as bytes, for tests/bench/push.sh: `push.py first SITE USER TOKEN REPOSITORY COUNT` prints the median of the
milliseconds from the last byte of a push to the first line of its answer; `push.py hold SITE USER TOKEN REPOSITORY`
pushes, says "held", and keeps the line open until its standard input ends."""
import base64
import socket
import statistics
import subprocess
import sys
import time

kind, site, user, token, repository = sys.argv[1:6]
host, port = site.split("//")[1].split(":")


def git(*args, data=b""):
    return subprocess.run(["git", "-C", repository, *args], input=data, stdout=subprocess.PIPE, check=True).stdout


def push():
    """Connect, send all, return the socket once the first line is there, and how long that took."""
    old = git("rev-parse", "HEAD").decode().strip()
    git("commit", "-q", "--allow-empty", "-m", "next")
    new = git("rev-parse", "HEAD").decode().strip()
    line = f"{old} {new} refs/heads/main\0 report-status side-band-64k agent=git/bench".encode()
    pack = git("pack-objects", "--revs", "--stdout", "-q", data=f"{new}\n^{old}\n".encode())
    body = b"%04x" % (len(line) + 4) + line + b"0000" + pack
    basic = base64.b64encode(f"{user}:{token}".encode()).decode()
    s = socket.create_connection((host, int(port)))
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    s.sendall((f"POST /{user}.git/git-receive-pack HTTP/1.1\r\nHost: {host}\r\nAuthorization: Basic {basic}\r\n"
               "Content-Type: application/x-git-receive-pack-request\r\n"
               f"Content-Length: {len(body)}\r\n\r\n").encode() + body[:-1])
    # The box is there by the time that a real upload ends.
    time.sleep(0.05)
    begun = time.monotonic()
    s.sendall(body[-1:])
    got = b""
    while b"received" not in got:
        more = s.recv(65536)
        if not more:
            sys.exit(f"no first line: {got!r}")
        got += more
    return s, (time.monotonic() - begun) * 1000, got


if kind == "hold":
    held, _, _ = push()
    print("held", flush=True)
    sys.stdin.read()
else:
    times = []
    for _ in range(int(sys.argv[6])):
        s, taken, got = push()
        while b"ok refs/heads/main" not in got:
            more = s.recv(65536)
            if not more:
                break
            got += more
        s.close()
        times.append(taken)
    print(round(statistics.median(times)))
