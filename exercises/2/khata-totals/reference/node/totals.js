// khata-totals: what each customer of a shop owes, from its ledger on standard input.
"use strict";

const SIGN = new Map([["credit", +1], ["payment", -1]]);

// A line that is not an entry; the message says why.
class BadLine extends Error {}

// Money is a whole number of paise from the door in to the door out: 0.1 + 0.2 is not 0.3 in a
// computer, but 10 + 20 is 30. Whole numbers are exact up to 9,007,199,254,740,991.

function readPaise(text) {
  const amount = /^([0-9]{1,13})(?:\.([0-9]{1,2}))?$/.exec(text);
  if (!amount) {
    throw new BadLine(`'${text}' is not an amount such as 120 or 120.50`);
  }
  const [, rupees, paise = ""] = amount;
  return Number(rupees) * 100 + Number(paise.padEnd(2, "0"));
}

function writeRupees(paise) {
  const sign = paise < 0 ? "-" : "";
  const digits = String(Math.abs(paise)).padStart(3, "0");
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

// The name and the signed paise of one line: what was bought adds, what was paid takes away.
function readEntry(line) {
  const fields = line.split(",");
  if (fields.length !== 4) {
    throw new BadLine(`4 fields are needed, here are ${fields.length}`);
  }
  const [date, name, kind, amount] = fields;
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(date)) {
    throw new BadLine(`'${date}' is not a date such as 2024-11-01`);
  }
  const length = [...name].length; // characters; name.length counts some of them twice
  if (length < 1 || length > 80) {
    throw new BadLine(`a name has 1 to 80 characters, here are ${length}`);
  }
  if (!SIGN.has(kind)) {
    throw new BadLine(`'${kind}' is neither credit nor payment`);
  }
  return { name, paise: SIGN.get(kind) * readPaise(amount) };
}

// The balance of each customer, by name.
function readLedger(text) {
  const balances = new Map();
  text.split("\n").forEach((raw, index) => {
    const line = raw.replace(/\r$/, "");
    if (line.trim() === "" || line.startsWith("#")) return;
    try {
      const { name, paise } = readEntry(line);
      balances.set(name, (balances.get(name) ?? 0) + paise);
    } catch (reason) {
      if (!(reason instanceof BadLine)) throw reason;
      throw new BadLine(`line ${index + 1}: ${reason.message}`);
    }
  });
  return balances;
}

function report(balances) {
  const highestFirstThenName = ([name, paise], [otherName, otherPaise]) =>
    otherPaise - paise || Buffer.compare(Buffer.from(name), Buffer.from(otherName));
  const customers = [...balances].sort(highestFirstThenName);
  const total = customers.reduce((sum, [, paise]) => sum + paise, 0);

  const lines = [["customer", "balance"]];
  for (const [name, paise] of customers) lines.push([name, writeRupees(paise)]);
  lines.push(["TOTAL", writeRupees(total)]);
  return lines.map((columns) => columns.join("\t") + "\n").join("");
}

async function readAll(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8"); // once, at the end: a letter may lie in two chunks
}

async function main() {
  const text = await readAll(process.stdin);
  try {
    process.stdout.write(report(readLedger(text)));
  } catch (problem) {
    if (!(problem instanceof BadLine)) throw problem;
    console.error(problem.message);
    process.exitCode = 2; // not process.exit(): what is written shall arrive first
  }
}

main();
