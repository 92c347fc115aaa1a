// The example of docs/protocol.md does what it says.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

import { accepted } from "./answers.mjs";
import { VENUE, serve, until } from "./harness.mjs";

const server = await serve();
const EXAMPLE = fileURLToPath(new URL("../example/table.mjs", import.meta.url));

function run(...args) {
  const child = spawn(process.execPath, [EXAMPLE, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const run = { out: "", err: "", code: null };
  child.stdout.on("data", (text) => (run.out += text));
  child.stderr.on("data", (text) => (run.err += text));
  child.on("close", (code) => (run.code = code));
  after(() => child.kill("SIGKILL"));
  run.shows = (text) => until(() => run.out.includes(text), `the example shows “${text}”: ${run.out}${run.err}`);
  return run;
}

test("the example adds a dish, and shows the cart as it changes until the party leaves", async () => {
  const table = server.table();
  const example = run(server.link(table), "caldo-verde");
  await example.shows("1 × Caldo verde 3.80");
  const ana = await server.guest(table);
  const { line } = (await ana.snapshot()).cart[0];
  accepted(await ana.do("change_quantity", { line, by: 2 }));
  await example.shows("3 × Caldo verde 11.40");
  accepted(await ana.add("arroz-doce"));
  await example.shows("3 × Caldo verde 11.40, 1 × Sweet rice pudding 3.50");
  accepted(await ana.do("send_round", { round: 1 }));
  await example.shows("the cart is empty");
  const close = { type: "close_table", table, seating: ana.welcome.seating, even_if_unserved: true };
  accepted(await (await server.staff("waiter")).command(`floor/${VENUE}`, close));
  await until(() => example.code !== null, "the example ends with the stay");
  assert.deepEqual([example.code, example.err], [0, ""]);
});

test("the example tells why it can't do what was asked", async () => {
  const none = run();
  await until(() => none.code !== null, "it ends");
  assert.match(none.err, /usage/);
  const unknown = run(server.link(server.table()), "no-such-dish");
  await until(() => unknown.err.includes("not added: no_such_dish"), "the reason is shown");
  const stale = run(server.link("t1").replace(/.$/, (digit) => (digit === "0" ? "1" : "0")));
  await until(() => stale.code !== null, "it ends");
  assert.match(stale.err, /could not join/);
});
