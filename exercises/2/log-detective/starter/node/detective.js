// log-detective: who came last night, how long they waited, and when they were there.
"use strict";

const report = {
  lines: 0,
  damaged: 0,
  top: [], // TODO: { client: "10.0.0.7", requests: 4 }, at most ten
  routes: [], // TODO: { route: "/pay", requests: 2, p50: 800, p95: 800, p99: 800 }
  sessions: { count: 0, seconds: 0, longest: 0 },
};

function add(line) {
  report.lines++;
  const fields = line.split(" ");
  // TODO: time, client, route and milliseconds are in fields, unless the line is damaged.
}

async function read(stream) {
  // The text comes in pieces. The last line of a piece is seldom whole: the rest comes next.
  let rest = "";
  for await (const piece of stream.setEncoding("latin1")) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop();
    for (const line of lines) add(line);
  }
  if (rest !== "") add(rest);
}

async function main(paths) {
  // TODO: when there are paths, the lines of these files are the log: fs.createReadStream(path).
  await read(process.stdin);
  console.log(JSON.stringify(report));
}

main(process.argv.slice(2));
