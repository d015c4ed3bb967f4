// khata-totals: what each customer of a shop owes, from its ledger on standard input.
"use strict";

async function readAll(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

async function main() {
  const lines = (await readAll(process.stdin)).split("\n");

  for (const line of lines) {
    const fields = line.split(",");
    // TODO: date, name, kind and amount are in fields. Keep a balance for each name, in paise.
  }

  console.log("customer\tbalance");
  // TODO: one line for each customer, highest balance first.
  console.log("TOTAL\t0.00"); // TODO: the sum of all balances
}

main();
