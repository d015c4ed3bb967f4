"""hello-api: the start of a small service. /health is done; the rest is yours."""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    def answer(self):
        if self.command == "GET" and self.path == "/health":
            self.send_json(200, {"status": "ok"})
        # TODO: GET /greet?name=Asha. urllib.parse has urlsplit and parse_qs for the query.
        # TODO: POST /sum. The body: self.rfile.read(int(self.headers["Content-Length"]))
        # TODO: a wrong method, such as DELETE /health, gets 405 and a header Allow.
        else:
            # TODO: send_error answers with an HTML page. Errors, too, should go out as JSON.
            self.send_error(404)

    # Whatever the method is, it comes to answer().
    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

    def send_json(self, status, value):
        body = json.dumps(value).encode("utf-8")
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    request_queue_size = 128  # so many clients may wait at the door


# Who starts the service chooses where it listens, and says so in HOST and PORT.
host = os.environ.get("HOST", "127.0.0.1")
port = int(os.environ.get("PORT", "8000"))
print(f"Listening on http://{host}:{port}", flush=True)
Server((host, port), Handler).serve_forever()
