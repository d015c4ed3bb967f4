// hello-api: the start of a small service. /health is done; the rest is yours.
"use strict";

const http = require("node:http");

function sendJson(response, status, value) {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify(value));
}

const server = http.createServer((request, response) => {
  if (request.method === "GET" && request.url === "/health") {
    sendJson(response, 200, { status: "ok" });
  }
  // TODO: GET /greet?name=Asha. new URLSearchParams(query) reads a query.
  // TODO: POST /sum. The body comes in pieces: for await (const piece of request) ...
  // TODO: a wrong method, such as DELETE /health, gets 405 and a header Allow.
  else {
    // TODO: errors, too, should go out as JSON.
    response.writeHead(404, { "Content-Type": "text/html" });
    response.end("<h1>Not found</h1>\n");
  }
});

// Who starts the service chooses where it listens, and says so in HOST and PORT.
const host = process.env.HOST ?? "127.0.0.1";
const port = Number(process.env.PORT ?? 8000);
server.listen(port, host, () => console.log(`Listening on http://${host}:${port}`));
