// hello-api: three routes, and every answer is JSON, also when something is wrong.
"use strict";

const http = require("node:http");

const LONGEST_NAME = 50;
const LARGEST_BODY = 64 * 1024;

// A request that cannot be answered as asked, and what the client should know of it.
class Problem extends Error {
  constructor(status, code, message, { field, headers } = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
    this.body = { error: { code, message, field } }; // JSON leaves out what is undefined
  }
}

// What the service can do. Each function gets the query and the body, gives what becomes JSON,
// and keeps nothing for the next request.

function health() {
  return { status: "ok" };
}

function greet(query) {
  const name = query.get("name") || "friend";
  // [...name] counts characters; name.length counts some of them twice.
  if ([...name].length > LONGEST_NAME) {
    const message = `A name has at most ${LONGEST_NAME} characters.`;
    throw new Problem(422, "too_long", message, { field: "name" });
  }
  return { greeting: `Hello, ${name}!` };
}

function add(query, body) {
  const numbers = readJsonObject(body);
  return { sum: wholeNumber(numbers, "a") + wholeNumber(numbers, "b") };
}

const ROUTES = new Map([
  ["/health", { GET: health }],
  ["/greet", { GET: greet }],
  ["/sum", { POST: add }],
]);

function findAction(method, path) {
  const actions = ROUTES.get(path);
  if (!actions) {
    throw new Problem(404, "not_found", `There is nothing at ${path}.`);
  }
  if (!Object.hasOwn(actions, method)) {
    const allowed = Object.keys(actions).join(", ");
    const message = `${path} can be asked by ${allowed}.`;
    throw new Problem(405, "wrong_method", message, { headers: { Allow: allowed } });
  }
  return actions[method];
}

// What comes in is checked here, at the door, so that the functions above may trust it.

function readJsonObject(text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Problem(400, "broken_json", "The body is not JSON.");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Problem(422, "not_an_object", 'Send an object such as {"a": 2, "b": 3}.');
  }
  return value;
}

function wholeNumber(numbers, field) {
  if (!Object.hasOwn(numbers, field)) {
    throw new Problem(422, "missing", `The field ${field} is missing.`, { field });
  }
  // Safe: a whole number that JavaScript can hold exactly. "2" is a text, and so not one.
  if (!Number.isSafeInteger(numbers[field])) {
    throw new Problem(422, "not_a_whole_number", `${field} must be a whole number.`, { field });
  }
  return numbers[field];
}

async function readBody(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= LARGEST_BODY) chunks.push(chunk);
  }
  if (size > LARGEST_BODY) {
    throw new Problem(413, "too_large", `A body has at most ${LARGEST_BODY} bytes.`);
  }
  return Buffer.concat(chunks).toString("utf8");
}

// And this is all that knows about HTTP.

async function answer(request) {
  const body = await readBody(request);
  const [path, query] = request.url.split("?", 2);
  const action = findAction(request.method, path);
  return action(new URLSearchParams(query), body);
}

function sendJson(response, status, value, headers) {
  const body = Buffer.from(JSON.stringify(value), "utf8");
  response.writeHead(status, {
    "Content-Type": "application/json",
    "Content-Length": body.length,
    ...headers,
  });
  response.end(body);
}

const server = http.createServer(async (request, response) => {
  try {
    sendJson(response, 200, await answer(request));
  } catch (error) {
    if (error instanceof Problem) {
      sendJson(response, error.status, error.body, error.headers);
    } else {
      console.error(error); // for us; the client need not know how we are built
      sendJson(response, 500, { error: { code: "our_fault", message: "Something broke here." } });
    }
  }
});

const host = process.env.HOST ?? "127.0.0.1";
const port = Number(process.env.PORT ?? 8000);
server.listen(port, host, () => console.log(`Listening on http://${host}:${port}`));

process.on("SIGTERM", () => {
  server.close(); // nobody new; who is being served is served
  server.closeIdleConnections();
  setTimeout(() => process.exit(0), 3000).unref(); // but nobody is waited for without end
});
