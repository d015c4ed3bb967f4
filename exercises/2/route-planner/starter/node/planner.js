// route-planner: the quickest way between two bus stops, on one-way roads.
"use strict";

async function readAll(stream) {
  const pieces = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces).toString("utf8");
}

async function main() {
  const lines = (await readAll(process.stdin)).split("\n");
  if (lines.at(-1) === "") lines.pop(); // what stands behind the last line end
  const roads = new Map(); // by stop: roads that begin there
  const answers = [];

  for (const line of lines) {
    const [kind, ...words] = line.split(" ");
    if (kind === "road") {
      const [start, end, minutes] = words;
      if (!roads.has(start)) roads.set(start, []);
      roads.get(start).push({ end, minutes: Number(minutes) });
    } else {
      const [start, target] = words.slice(-2); // of a question "limit", words[0] is the most changes
      // TODO: kind is "time", "route" or "limit".
      answers.push("NONE");
    }
  }
  // Nothing is printed before: an answer is either whole or not there.
  for (const line of answers) console.log(line);
}

main();
