"""hello-api: three routes, and every answer is JSON, also when something is wrong."""

import json
import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

LONGEST_NAME = 50
LARGEST_BODY = 64 * 1024
LARGEST_NUMBER = 2**53 - 1  # beyond it JavaScript, and so many a client, cannot count exactly


class Problem(Exception):
    """A request that cannot be answered as asked, and what the client should know of it."""

    def __init__(self, status, code, message, field=None, allow=None):
        super().__init__(message)
        self.status = status
        self.error = {"code": code, "message": message}
        if field:
            self.error["field"] = field
        self.headers = {"Allow": allow} if allow else {}


# What the service can do. Each function gets the query and the body, gives what becomes JSON,
# and keeps nothing for the next request.


def health(query, body):
    return {"status": "ok"}


def greet(query, body):
    name = query.get("name", ["friend"])[0]
    if len(name) > LONGEST_NAME:
        raise Problem(422, "too_long", f"A name has at most {LONGEST_NAME} characters.", "name")
    return {"greeting": f"Hello, {name}!"}


def add(query, body):
    numbers = read_json_object(body)
    return {"sum": whole_number(numbers, "a") + whole_number(numbers, "b")}


ROUTES = {
    "/health": {"GET": health},
    "/greet": {"GET": greet},
    "/sum": {"POST": add},
}


def find_action(method, path):
    actions = ROUTES.get(path)
    if actions is None:
        raise Problem(404, "not_found", f"There is nothing at {path}.")
    if method not in actions:
        allowed = ", ".join(actions)
        raise Problem(405, "wrong_method", f"{path} can be asked by {allowed}.", allow=allowed)
    return actions[method]


# What comes in is checked here, at the door, so that the functions above may trust it.


def read_json_object(body):
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):  # not JSON, not UTF-8, or nested without end
        raise Problem(400, "broken_json", "The body is not JSON.") from None
    if not isinstance(value, dict):
        raise Problem(422, "not_an_object", 'Send an object such as {"a": 2, "b": 3}.')
    return value


def whole_number(numbers, field):
    if field not in numbers:
        raise Problem(422, "missing", f"The field {field} is missing.", field)
    value = numbers[field]
    # Not isinstance: to Python, True is an int as well.
    if type(value) is not int or abs(value) > LARGEST_NUMBER:
        raise Problem(422, "not_a_whole_number", f"{field} must be a whole number.", field)
    return value


# And this is all that knows about HTTP.


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # the connection stays open for the next request
    wbufsize = -1  # headers and body leave together

    def answer(self):
        url = urlsplit(self.path)
        try:
            body = self.read_body()  # even if nobody wants it: the next request lies behind it
            action = find_action(self.command, url.path)
            self.send_json(200, action(parse_qs(url.query), body))
        except Problem as problem:
            self.send_json(problem.status, {"error": problem.error}, problem.headers)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer

    def read_body(self):
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or "Transfer-Encoding" in self.headers:
            self.close_connection = True
            raise Problem(411, "length_required", "Say the body's size in Content-Length.")
        if int(length) > LARGEST_BODY:
            self.close_connection = True
            raise Problem(413, "too_large", f"A body has at most {LARGEST_BODY} bytes.")
        return self.rfile.read(int(length))

    def send_error(self, code, message=None, explain=None):
        """The library's own complaints, of a broken request line for instance, in JSON too."""
        self.close_connection = True
        message = message or self.responses[code][0]
        self.send_json(code, {"error": {"code": "bad_request", "message": message}})

    def send_json(self, status, value, headers=None):
        body = json.dumps(value, ensure_ascii=False).encode("utf-8")
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, text in (headers or {}).items():
            self.send_header(name, text)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


class Server(ThreadingHTTPServer):
    request_queue_size = 128  # so many clients may wait at the door


def stop(signal_number, frame):
    sys.exit(0)


def main():
    signal.signal(signal.SIGTERM, stop)
    address = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
    with Server(address, Handler) as server:
        print("Listening on http://%s:%d" % address, flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
