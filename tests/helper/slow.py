#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Clients that are slow, many, or never end: `slow.py KIND PORT AUTHORIZATION`. Prints what came of it."""
import socket
import sys
import time

kind, port, authorization = sys.argv[1], int(sys.argv[2]), sys.argv[3]


def connect(source="127.0.0.1"):
    s = socket.socket()
    s.bind((source, 0))
    s.settimeout(40)
    s.connect(("127.0.0.1", port))
    return s


def head(length=None):
    body = "Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}"
    return (f"POST /asha.git/git-receive-pack HTTP/1.1\r\nHost: x\r\n{body}\r\n"
            "Content-Type: application/x-git-receive-pack-request\r\n"
            f"Authorization: {authorization}\r\n\r\n").encode()


def seconds_until_end(s, drip=b"", every=0.5):
    """How long the server keeps it open, while it gets DRIP now and then."""
    begun = time.monotonic()
    s.settimeout(every)
    while time.monotonic() - begun < 40:
        try:
            if drip:
                s.sendall(drip)
            if not s.recv(4096):
                break
        except socket.timeout:
            continue
        except OSError:
            break
    return time.monotonic() - begun


def says_health(s):
    s.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
    return s.recv(4096).startswith(b"HTTP/1.1 200")


def verdict(seconds):
    print("ended in time" if 7 <= seconds <= 25 else f"after {seconds:.1f} s")


if kind == "idle":
    verdict(seconds_until_end(connect()))
elif kind == "keepalive":
    s = connect()
    says_health(s)
    verdict(seconds_until_end(s))
elif kind == "head":
    s = connect()
    s.sendall(b"GET / HTTP/1.1\r\n")
    verdict(seconds_until_end(s, b"X: y\r\n"))
elif kind == "body":
    s = connect()
    s.sendall(head(1000000))
    verdict(seconds_until_end(s, b"0"))
elif kind == "endless":
    s = connect()
    s.sendall(head())
    sent = 0
    try:
        while sent < 1 << 30:
            s.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")
            sent += 65536
    except OSError:
        pass
    print("cut" if sent < 100 << 20 else f"{sent} bytes taken")
elif kind == "garbage":
    for line in (b"\0" * 100, b"GET\r\n\r\n", b"x" * 20000, b"GET / HTTP/9.9\r\n\r\n",
                 b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
                 b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"):
        s = connect()
        try:
            s.sendall(line)
            s.recv(4096)
        except OSError:
            pass
        s.close()
    print("healthy" if says_health(connect()) else "not healthy")
elif kind == "many":
    held = []
    for _ in range(1000):
        try:
            s = connect()
            s.sendall(b"GET / HT")
            held.append(s)
        except OSError:
            break
    print("others are served" if says_health(connect("127.0.0.2")) else "others wait")
    time.sleep(13)
    print("free again" if says_health(connect()) else "still full")
