// log-detective: who came last night, how long they waited, and when they were there.
"use strict";

const fs = require("node:fs");

const LONGEST_PAUSE = 30 * 60; // seconds; after a longer one a new session begins
const SLOWEST = 60000; // milliseconds

const LINE = new RegExp(
  "^(20\\d\\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])" +
    "T(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:Z|[+-](?:0\\d|1[0-4])[0-5]\\d))" +
    " ([0-9A-Za-z.:-]{1,40})" +
    " (/[0-9A-Za-z/._-]{0,99})" +
    " ([0-9]{1,5})\\r?$",
);

// An instant as one number: those of all zones can then be compared and subtracted.
function secondsOf(time) {
  const clock = Date.parse(time.slice(0, 19) + "Z") / 1000;
  const zone = time.slice(19);
  if (zone === "Z") return clock;
  const ahead = (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3, 5))) * 60;
  return zone.startsWith("-") ? clock + ahead : clock - ahead;
}

// What is kept of a log: as much as it has clients and routes, however many lines there are.
class Log {
  lines = 0;
  damaged = 0;
  clients = new Map(); // by name: requests, and the present session from its begin to its latest
  routes = new Map(); // by name: how many requests took so many ms
  sessions = { count: 0, seconds: 0, longest: 0 };
  time = ""; // of the line before: many lines were written in the same second
  now = 0;

  async read(stream) {
    // The text comes in pieces. The last line of a piece is seldom whole: the rest comes next.
    let rest = "";
    for await (const piece of stream.setEncoding("latin1")) {
      const lines = (rest + piece).split("\n");
      rest = lines.pop();
      for (const line of lines) this.add(line);
    }
    if (rest !== "") this.add(rest);
  }

  add(line) {
    this.lines++;
    const found = LINE.exec(line);
    if (!found || Number(found[4]) > SLOWEST) {
      this.damaged++;
      return;
    }
    const [, time, client, route, latency] = found;
    if (time !== this.time) {
      this.time = time;
      this.now = secondsOf(time);
    }
    this.visit(client, this.now);

    let latencies = this.routes.get(route);
    if (!latencies) this.routes.set(route, (latencies = new Map()));
    const ms = Number(latency);
    latencies.set(ms, (latencies.get(ms) ?? 0) + 1);
  }

  visit(name, now) {
    const client = this.clients.get(name);
    if (!client) {
      this.clients.set(name, { name, requests: 1, begin: now, latest: now });
      return;
    }
    client.requests++;
    if (now - client.latest > LONGEST_PAUSE) {
      this.endSession(client);
      client.begin = now;
    }
    client.latest = now;
  }

  endSession({ begin, latest }) {
    const { sessions } = this;
    sessions.count++;
    sessions.seconds += latest - begin;
    sessions.longest = Math.max(sessions.longest, latest - begin);
  }

  report() {
    for (const client of this.clients.values()) this.endSession(client);
    return {
      lines: this.lines,
      damaged: this.damaged,
      top: topTen([...this.clients.values()]),
      routes: [...this.routes].sort(([a], [b]) => byName(a, b)).map(routeReport),
      sessions: this.sessions,
    };
  }
}

// Plain letters only: then this is the order of the bytes. localeCompare has an order of its own.
function byName(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

function topTen(clients) {
  clients.sort((a, b) => b.requests - a.requests || byName(a.name, b.name));
  return clients.slice(0, 10).map(({ name, requests }) => ({ client: name, requests }));
}

function routeReport([route, latencies]) {
  const rows = [...latencies].sort(([a], [b]) => a - b);
  const requests = rows.reduce((sum, [, count]) => sum + count, 0);

  // By nearest rank: walk up the table until so many percent of all requests are behind you.
  const percentile = (percent) => {
    const rank = Math.ceil((percent * requests) / 100);
    let behind = 0;
    return rows.find(([, count]) => (behind += count) >= rank)[0];
  };
  return { route, requests, p50: percentile(50), p95: percentile(95), p99: percentile(99) };
}

async function main(paths) {
  const log = new Log();
  try {
    for (const path of paths) await log.read(fs.createReadStream(path));
  } catch (problem) {
    if (!problem.code) throw problem; // not about a file: a mistake of ours
    console.error(`${problem.path}: ${problem.message}`);
    process.exitCode = 2;
    return;
  }
  if (paths.length === 0) await log.read(process.stdin);
  console.log(JSON.stringify(log.report()));
}

main(process.argv.slice(2));
