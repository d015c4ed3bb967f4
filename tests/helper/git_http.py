#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Serve the bare repositories below a folder over http by git's own http-backend: git_http.py FOLDER [CERTIFICATE KEY]
With a certificate and its key: by https.

Prints its port on the first line, then serves until it is killed. /redirect/... leads to the same
address without it, /loop/... to itself, /hang/... never answers, /drip/... sends a byte a second,
/cut/... ends in the middle. /private/... is for asha with the password correct-horse alone, and so is
/astray/HOST:PORT/..., which leads on to http://HOST:PORT/seen/...; who comes there is noted in FOLDER/seen.
/away/HOST:PORT/... leads anybody to http://HOST:PORT/...
"""
import base64
import http.server
import os
import ssl
import subprocess
import sys
import time

BACKEND = "/usr/lib/git-core/git-http-backend"
LET_IN = "Basic " + base64.b64encode(b"asha:correct-horse").decode()


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
        elif self.path.startswith(("/private/", "/astray/")) and self.headers.get("Authorization") != LET_IN:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="git"')
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif self.path.startswith("/astray/"):
            host, _, path = self.path[len("/astray/"):].partition("/")
            self.lead("http://%s/seen/%s" % (host, path))
        elif self.path.startswith("/away/"):
            self.lead("http://" + self.path[len("/away/"):])
        elif self.path.startswith("/seen/"):
            with open(os.path.join(sys.argv[1], "seen"), "a", encoding="utf-8") as file:
                file.write("%s %s\n" % (self.path, self.headers.get("Authorization")))
            self.send_error(404)
        elif self.path.startswith(("/drip/", "/cut/")):
            self.send_response(200)
            self.send_header("Content-Type", "application/x-git-upload-pack-advertisement")
            self.send_header("Content-Length", "100000")
            self.end_headers()
            self.wfile.write(b"001e# service=git-upload-pack\n0000")
            for _ in range(60 if self.path.startswith("/drip/") else 0):
                time.sleep(1)
                self.wfile.write(b"0")
            self.close_connection = True
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
        path, _, query = self.path.removeprefix("/private").partition("?")
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
if len(sys.argv) > 2:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[2], sys.argv[3])
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
os.write(1, b"%d\n" % server.server_address[1])
server.serve_forever()
