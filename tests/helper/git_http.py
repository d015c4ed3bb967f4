#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Serve the bare repositories below a folder over http by git's own http-backend: git_http.py FOLDER

Prints its port on the first line, then serves until it is killed. /redirect/... leads to the same
address without it, /loop/... to itself, /private/... asks for a password, /hang/... never answers.
"""
import http.server
import os
import subprocess
import sys
import time

BACKEND = "/usr/lib/git-core/git-http-backend"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def lead(self, place):
        self.send_response(302)
        self.send_header("Location", place)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def odd(self):
        """Whether the address is one of the odd ones, which is then answered."""
        if self.path.startswith("/redirect/"):
            self.lead(self.path[len("/redirect"):])
        elif self.path.startswith("/loop/"):
            self.lead(self.path)
        elif self.path.startswith("/private/"):
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="git"')
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif self.path.startswith("/hang/"):
            time.sleep(60)
        else:
            return False
        return True

    def body(self):
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = []
        while size := int(self.rfile.readline(), 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def answer(self):
        if self.odd():
            return
        path, _, query = self.path.partition("?")
        body = self.body()
        environment = {
            "PATH": "/usr/bin:/bin", "GIT_PROJECT_ROOT": os.path.abspath(sys.argv[1]), "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*",
            "REQUEST_METHOD": self.command, "PATH_INFO": path, "QUERY_STRING": query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""), "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""), "REMOTE_ADDR": "127.0.0.1",
        }
        done = subprocess.run([BACKEND], input=body, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              env=environment, check=False)
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        fields = [line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line]
        status = next((value for name, value in fields if name == "Status"), "200 OK")
        self.send_response(int(status.split()[0]))
        for name, value in fields:
            if name != "Status":
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = answer
    do_POST = answer


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass  # who goes away in the middle is part of the tests


server = Server(("127.0.0.1", 0), Handler)
os.write(1, b"%d\n" % server.server_address[1])
server.serve_forever()
