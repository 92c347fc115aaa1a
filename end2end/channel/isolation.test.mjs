// Who may see and do what: a table learns nothing of another, and each role does its own work.

import assert from "node:assert/strict";
import { test } from "node:test";

import { accepted, refused } from "./answers.mjs";
import { VENUE, serve, until } from "./harness.mjs";
import { newId } from "./screen.mjs";

const server = await serve();
const [FLOOR, MENU, ACCESS] = ["floor", "menu", "access"].map((kind) => `${kind}/${VENUE}`);

const close = (waiter, table, seating) =>
  waiter.command(FLOOR, { type: "close_table", table, seating: seating.replace("seating/", ""), even_if_unserved: true });

test("a guest who asks for other streams is brought nothing of them", async () => {
  const other = await server.guest(server.table(), { name: "Somebody Else" });
  accepted(await other.add("caldo-verde", { note: "a secret wish" }));
  const ana = await server.connect({ cookie: await server.join(server.table(), "Ana") });
  const foreign = [other.seating, FLOOR, ACCESS, "floor/elsewhere", "menu/elsewhere", `seating/${newId()}`];
  for (const version of [0, 1, 1_000]) {
    const synced = await ana.ask("sync", { streams: Object.fromEntries(foreign.map((stream) => [stream, version])) });
    assert.deepEqual(synced.streams.map(({ stream }) => stream).sort(), [MENU, ana.seating]);
    const told = JSON.stringify(synced);
    for (const secret of [other.welcome.seating, "Somebody Else", "a secret wish"]) assert.ok(!told.includes(secret));
  }
});

test("staff who ask for who may do what are brought nothing of it", async () => {
  const manager = await server.staff("manager");
  const { streams } = await manager.ask("sync", { streams: { [ACCESS]: 0, "floor/elsewhere": 0, "menu/elsewhere": 0 } });
  const kinds = new Set(streams.map(({ stream }) => stream.split("/")[0]));
  assert.deepEqual([...kinds].sort(), ["floor", "menu", "seating"]);
  assert.ok(streams.every(({ stream }) => !stream.endsWith("/elsewhere")));
  assert.doesNotMatch(JSON.stringify(streams), /argon2|signed_out_before/);
});

test("a guest can ask nothing of another table, the floor, the menu or the staff", async () => {
  const other = await server.guest(server.table());
  const table = server.table();
  const ana = await server.guest(table);
  const from = other.version();
  const tries = [
    [other.seating, { type: "add_line", dish: "caldo-verde", quantity: 1 }],
    [other.seating, { type: "send_round", round: 1 }],
    [`seating/${newId()}`, { type: "set_ready", ready: true }],
    [FLOOR, { type: "close_table", table, seating: ana.welcome.seating, even_if_unserved: true }],
    [FLOOR, { type: "open_table", table: "b2" }],
    [FLOOR, { type: "set_house_rules", rules: {} }],
    [MENU, { type: "set_dish_sold_out", dish: "caldo-verde", sold_out: true }],
    [MENU, { type: "publish", catalog: {} }],
    [ACCESS, { type: "sign_out", id: "manager" }],
    [ACCESS, { type: "set_token", table, token: newId() }],
    ["menu/elsewhere", { type: "set_dish_sold_out", dish: "caldo-verde", sold_out: true }],
  ];
  for (const [stream, command] of tries) refused(await ana.command(stream, command), "not_allowed");
  assert.equal((await other.snapshot()).progress.version, from);
});

test("no role can change who may do what, or another venue, on this channel", async () => {
  for (const role of ["waiter", "kitchen", "manager"]) {
    const screen = await server.staff(role);
    for (const stream of [ACCESS, "access/elsewhere", "floor/elsewhere", "menu/elsewhere"]) {
      refused(await screen.command(stream, { type: "sign_out", id: "manager" }), "not_allowed");
    }
    refused(await screen.command(`seating/${newId()}`, { type: "add_line", dish: "caldo-verde", quantity: 1 }), "not_seated");
  }
});

test("nothing of another table ever arrives", async () => {
  const [ana, other] = [await server.guest(server.table()), await server.guest(server.table())];
  for (let i = 0; i < 10; i += 1) accepted(await other.add("caldo-verde", { note: "not for Ana" }));
  await other.reaches(other.version());
  // What comes after: had anything of the other table been on its way, it would be here before this.
  await ana.reaches(accepted(await ana.add("arroz-doce")));
  assert.deepEqual([...ana.held.keys()].sort(), [MENU, ana.seating]);
  assert.deepEqual(ana.events().map(({ e }) => e.dish), ["arroz-doce"]);
});

test("a screen that has not asked to be kept up to date is told nothing", async () => {
  const table = server.table();
  const cookie = await server.join(table);
  const quiet = await server.connect({ cookie });
  const ana = await server.guest(table);
  await ana.reaches(accepted(await ana.add("arroz-doce")));
  accepted(await quiet.add("arroz-doce"));
  assert.equal(quiet.held.size, 0);
});

test("when a table is closed, its guests are told goodbye and their cookies are worth nothing", async () => {
  const table = server.table();
  const cookie = await server.join(table, "Ana");
  const ana = await server.synced({ cookie });
  const waiter = await server.staff("waiter");
  accepted(await ana.add("caldo-verde"));
  accepted(await ana.do("send_round", { round: 1 }));
  const seating = ana.welcome.seating;
  refused(await waiter.command(FLOOR, { type: "close_table", table, seating }), "not_served_yet");
  accepted(await close(waiter, table, seating));
  assert.equal(await ana.isEnded(), "io server disconnect");
  assert.equal(ana.goodbyes, 1);
  assert.equal(ana.events().at(-1).e.type, "closed", "the last thing they hear of is that they have left");
  assert.equal(await server.refusal({ cookie, as: "guest" }), "not_seated");
  refused(await close(waiter, table, seating), "table_free");
  const page = await (await fetch(server.link(table), { headers: { cookie } })).text();
  assert.ok(!page.includes("Ana"), "nor does the page tell of it");
});

test("a phone that only connected is refused once its party has left", async () => {
  const table = server.table();
  const quiet = await server.connect({ cookie: await server.join(table) });
  const waiter = await server.staff("waiter");
  accepted(await close(waiter, table, quiet.seating));
  refused(await quiet.add("caldo-verde"), "not_seated");
  assert.deepEqual((await quiet.sync()).streams, []);
  assert.equal((await quiet.ask("sync", { streams: {} })).refused, "not_seated");
});

test("the next party at a table sees nothing of the one before, and is not seen by it", async () => {
  const table = server.table();
  const before = await server.join(table, "The Party Before");
  const gone = await server.synced({ cookie: before });
  const waiter = await server.staff("waiter");
  accepted(await gone.add("caldo-verde", { note: "their wish" }));
  accepted(await close(waiter, table, gone.seating));
  await gone.isEnded();

  const ana = await server.guest(table, { name: "Ana" });
  assert.notEqual(ana.seating, gone.seating);
  const seating = ana.held.get(ana.seating).snapshot;
  assert.deepEqual([seating.guests.length, seating.cart, seating.rounds], [1, [], []]);
  assert.equal(await server.refusal({ cookie: before, as: "guest" }), "not_seated");
  const page = await (await fetch(server.link(table), { headers: { cookie: before } })).text();
  for (const secret of ["The Party Before", "their wish", "Ana"]) assert.ok(!page.includes(secret), secret);
  const late = close(waiter, table, gone.seating);
  refused(await late, "table_free");
  assert.equal((await ana.snapshot()).stay.is, "open", "a late tap does not close the next party's stay");
});

test("each role does its own work and no other's", async () => {
  const table = server.table();
  const ana = await server.guest(table);
  const [line, wish] = [newId(), newId()];
  accepted(await ana.add("caldo-verde", {}, line));
  accepted(await ana.do("send_round", { round: 1 }));
  accepted(await ana.add("arroz-doce", {}, wish));
  const [waiter, kitchen] = [await server.staff("waiter"), await server.staff("kitchen")];
  const manager = await server.staff("manager");
  const seating = ana.welcome.seating;
  const ticket = { round: 1, station: "grill" };
  const notFor = [
    [ana, ana.seating, { type: "start", ...ticket }],
    [ana, ana.seating, { type: "bump", ...ticket }],
    [ana, ana.seating, { type: "recall", ...ticket }],
    [ana, ana.seating, { type: "serve", round: 1 }],
    [waiter, ana.seating, { type: "start", ...ticket }],
    [waiter, ana.seating, { type: "bump", ...ticket }],
    [waiter, ana.seating, { type: "recall", ...ticket }],
    [waiter, ana.seating, { type: "rename", name: "Rui" }],
    [waiter, ana.seating, { type: "set_ready", ready: true }],
    [kitchen, ana.seating, { type: "add_line", dish: "caldo-verde", quantity: 1 }],
    [kitchen, ana.seating, { type: "change_quantity", line: wish, by: 1 }],
    [kitchen, ana.seating, { type: "edit_line", line: wish, note: "no" }],
    [kitchen, ana.seating, { type: "remove_line", line: wish }],
    [kitchen, ana.seating, { type: "send_round", round: 2 }],
    [kitchen, FLOOR, { type: "open_table", table: "b2" }],
    [kitchen, FLOOR, { type: "close_table", table, seating, even_if_unserved: true }],
  ];
  for (const screen of [waiter, kitchen]) {
    notFor.push([screen, FLOOR, { type: "lay_tables", tables: [] }]);
    notFor.push([screen, FLOOR, { type: "set_house_rules", rules: { late_after_min: 1 } }]);
    notFor.push([screen, MENU, { type: "publish", catalog: manager.held.get(MENU).snapshot.catalog }]);
  }
  const from = (await ana.snapshot()).progress.version;
  for (const [screen, stream, command] of notFor) refused(await screen.command(stream, command), "not_allowed");
  assert.equal((await ana.snapshot()).progress.version, from);

  const rules = { joining: "open", watch_after_min: 4, late_after_min: 9 };
  accepted(await manager.command(FLOOR, { type: "set_house_rules", rules }));
  assert.deepEqual((await waiter.sees("house_rules_set", FLOOR)).e.rules, rules);
  refused(await manager.command(FLOOR, { type: "set_house_rules", rules }), "unchanged");
  refused(await manager.command(FLOOR, { type: "lay_tables", tables: [] }), "not_publishable");
  accepted(await manager.command(ana.seating, { type: "bump", ...ticket }));
  accepted(await waiter.command(ana.seating, { type: "add_line", dish: "arroz-doce", quantity: 1, guest: 1 }));
  refused(await waiter.command(ana.seating, { type: "add_line", dish: "arroz-doce", quantity: 1, guest: 2 }), "no_such_guest");
});

test("a guest always adds for themselves", async () => {
  const table = server.table();
  const [ana, rui] = [await server.guest(table), await server.guest(table)];
  accepted(await ana.add("arroz-doce", { guest: 2 }));
  assert.equal((await rui.snapshot()).cart[0].guest, 1);
});

test("who signs out is told goodbye on every screen, and nothing more is taken from them", async () => {
  const cookie = await server.signIn("waiter");
  const table = server.table();
  const ana = await server.guest(table);
  const screens = await Promise.all([1, 2].map(() => server.synced({ cookie, as: "staff" })));
  const answer = await server.post("/api/sign-out", { venue: VENUE }, { cookie });
  assert.equal(answer.status, 200);
  const from = ana.version();
  // The connection ends; until it has, and whoever keeps it open by force, finds every command refused.
  const add = { mutation: newId(), stream: ana.seating, command: { type: "add_line", dish: "arroz-doce", quantity: 1 } };
  const late = await screens[0].ask("command", add, 500).catch(() => null);
  if (late) refused(late, "signed_out");
  for (const screen of screens) {
    assert.equal(await screen.isEnded(), "io server disconnect");
    assert.equal(screen.goodbyes, 1);
  }
  assert.equal(await server.refusal({ cookie, as: "staff" }), "signed_out");
  assert.equal((await ana.snapshot()).progress.version, from);
  // Who signs in again is let in again; the cookie of before stays worthless.
  const again = await server.signIn("waiter");
  (await server.synced({ cookie: again, as: "staff" })).leave();
  assert.equal(await server.refusal({ cookie, as: "staff" }), "signed_out");
});

test("who left is forgotten: their screens are told nothing more", async () => {
  const table = server.table();
  const [ana, rui] = [await server.guest(table), await server.guest(table)];
  rui.leave();
  await until(() => !rui.socket.connected, "Rui's phone is off");
  const from = rui.version();
  await ana.reaches(accepted(await ana.add("arroz-doce")));
  assert.equal(rui.version(), from);
  await rui.comeBack();
  await rui.sync();
  assert.equal(rui.version(), ana.version());
});
