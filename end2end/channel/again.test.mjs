// Commands that are sent again: what took effect is not repeated, and what was refused stays so.

import assert from "node:assert/strict";
import { test } from "node:test";

import { accepted, refused } from "./answers.mjs";
import { VENUE, serve } from "./harness.mjs";
import { newId } from "./screen.mjs";

const server = await serve();
const MENU = `menu/${VENUE}`;

test("a command that is sent again is answered with its version, and not repeated", async () => {
  const ana = await server.guest(server.table());
  const mutation = newId();
  const version = accepted(await ana.add("caldo-verde", {}, mutation));
  accepted(await ana.add("arroz-doce"));
  const again = await Promise.all([ana.add("caldo-verde", {}, mutation), ana.add("caldo-verde", {}, mutation)]);
  assert.deepEqual(again.map(accepted), [version, version]);
  const { cart } = await ana.snapshot();
  assert.deepEqual(cart.map(({ dish }) => dish), ["caldo-verde", "arroz-doce"]);
  assert.equal(cart[0].line, mutation, "a line's id is that of the command that added it");
});

test("a refusal of what is sent again holds for every sending, and is told to everybody", async () => {
  const [ana, kitchen] = [await server.guest(server.table()), await server.staff("kitchen")];
  const [dish, mutation] = ["pudim-abade-priscos", newId()];
  const add = { type: "add_line", dish, quantity: 1 };
  const mark = async (sold_out) => {
    const version = accepted(await kitchen.command(MENU, { type: "set_dish_sold_out", dish, sold_out }));
    await ana.reaches(version, MENU);
  };
  await mark(true);
  const before = ana.version();
  refused(await ana.command(ana.seating, add), "sold_out");
  refused(await ana.commandAgain(ana.seating, add, mutation), "sold_out");
  await ana.reaches(before + 1);
  assert.deepEqual(ana.events().at(-1).e, { type: "refused", reason: "sold_out" });
  await mark(false);
  refused(await ana.add(dish, {}, mutation), "sold_out");
  accepted(await ana.add(dish));
  const { cart, progress } = await ana.snapshot();
  assert.equal(cart.length, 1);
  assert.deepEqual(progress.refused, { [mutation]: "sold_out" });
});

test("a command whose answer was lost with the connection takes effect once", async () => {
  const ana = await server.guest(server.table());
  const lines = Array.from({ length: 5 }, newId);
  for (const line of lines) {
    // Gone before the answer can be here: whether it arrived at the server, nobody knows.
    ana.socket.emit("command", { mutation: line, stream: ana.seating, command: { type: "add_line", dish: "arroz-doce", quantity: 1 } });
    ana.leave();
    await ana.comeBack();
    await ana.sync();
    accepted(await ana.add("arroz-doce", {}, line));
  }
  assert.deepEqual((await ana.snapshot()).cart.map(({ line }) => line), lines);
  await ana.sync();
  assert.deepEqual(ana.gaps, []);
});
