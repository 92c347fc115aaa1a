// People at one table, the kitchen and the floor, each with a screen of their own.

import assert from "node:assert/strict";
import { test } from "node:test";

import { accepted, fold, refused } from "./answers.mjs";
import { VENUE, serve, until } from "./harness.mjs";
import { newId } from "./screen.mjs";

const server = await serve();
const FLOOR = `floor/${VENUE}`;
const MENU = `menu/${VENUE}`;

const dense = (events, from) => assert.deepEqual(events.map(({ n }) => n), events.map((_, i) => from + 1 + i));

test("a screen is welcomed with who it is taken for", async () => {
  const table = server.table();
  const ana = await server.guest(table, { name: "Ana" });
  const rui = await server.guest(table, { name: "Rui" });
  assert.deepEqual([ana.welcome.actor, rui.welcome.actor], [{ guest: 1 }, { guest: 2 }]);
  assert.match(ana.welcome.seating, /^[0-9a-f]{32}$/);
  assert.equal(ana.welcome.seating, rui.welcome.seating);
  const waiter = await server.staff("waiter");
  const { device, ...who } = waiter.welcome.actor.staff;
  assert.deepEqual(who, { id: "waiter", role: "waiter" });
  assert.ok(Number.isInteger(device) && device > 0);
  assert.equal(waiter.welcome.seating, undefined);
  for (const { welcome } of [ana, rui, waiter]) {
    assert.equal(welcome.protocol, 1);
    assert.ok(Math.abs(welcome.now - Date.now()) < 60_000, "the clock is in milliseconds");
  }
});

test("a first sync brings a guest the seating and the menu, as snapshots", async () => {
  const table = server.table();
  const ana = await server.connect({ cookie: await server.join(table, "Ana") });
  const { streams, now, refused: why } = await ana.sync();
  assert.equal(why, undefined);
  assert.ok(now >= ana.welcome.now);
  assert.deepEqual(streams.map(({ stream }) => stream).sort(), [MENU, ana.seating]);
  assert.ok(streams.every(({ snapshot, events }) => snapshot && events === undefined));
  const seating = ana.held.get(ana.seating).snapshot;
  assert.equal(seating.stay.is, "open");
  assert.equal(seating.stay.table, table);
  assert.deepEqual(seating.guests, [{ number: 1, name: "Ana", ready: false }]);
  assert.deepEqual([seating.cart, seating.rounds], [[], []]);
  assert.ok(ana.held.get(MENU).snapshot.catalog.categories.length > 0);
});

test("guests are sent no memory of who asked what of the menu; staff, who ask, are", async () => {
  const ana = await server.guest(server.table());
  const waiter = await server.staff("waiter");
  const seen = ({ held }) => Object.keys(held.get(MENU).snapshot.progress.seen).length;
  assert.equal(seen(ana), 0);
  assert.ok(seen(waiter) > 0, "the menu was published");
});

test("a screen that is up to date is brought nothing", async () => {
  const ana = await server.guest(server.table());
  assert.deepEqual((await ana.sync()).streams, []);
});

test("whatever version a screen has, a sync brings it to the same state", async () => {
  const table = server.table();
  const [ana, rui] = [await server.guest(table), await server.guest(table)];
  const first = rui.version();
  await ana.reaches(first);
  // More events than one sync tells singly, by two, since one alone would be too fast.
  for (const guest of [ana, rui]) {
    const lines = Array.from({ length: 15 }, newId);
    const changes = lines.flatMap((line, i) => [
      guest.add("caldo-verde", { note: `number ${i}` }, line),
      guest.do("change_quantity", { line, by: 1 + (i % 3) }),
      i % 4 === 0 ? guest.do("remove_line", { line }) : guest.do("edit_line", { line, options: [{ group: "bread", option: "broa" }] }),
    ]);
    (await Promise.all(changes)).forEach(accepted);
  }
  const now = await ana.snapshot();
  const last = now.progress.version;
  await ana.reaches(last);
  assert.equal(last, first + 90, "each command is an event");
  const all = ana.events().filter(({ n }) => n > first);
  dense(all, first);

  let [events, snapshots] = [0, 0];
  for (const version of [0, 1, first, last - 65, last - 64, last - 1, last, last + 7]) {
    const { streams } = await rui.ask("sync", { streams: { [ana.seating]: version } });
    const caught = streams.find(({ stream }) => stream === ana.seating);
    if (version === last) {
      assert.equal(caught, undefined);
    } else if (caught.snapshot) {
      assert.deepEqual(caught.snapshot, now, `from version ${version}`);
      snapshots += 1;
    } else {
      assert.deepEqual(caught.events, all.slice(version - first), `from version ${version}`);
      const before = fold([], all.slice(0, version - first));
      assert.deepEqual(fold(before, caught.events), now.cart, `from version ${version}`);
      events += 1;
    }
  }
  assert.ok(events >= 2 && snapshots >= 3, `both ways are taken: ${events} and ${snapshots}`);
});

test("two guests add at the same moment, and both get both, in the same order", async () => {
  const table = server.table();
  const [ana, rui] = [await server.guest(table, { name: "Ana" }), await server.guest(table, { name: "Rui" })];
  const from = rui.version();
  await ana.reaches(from);
  const adding = Array.from({ length: 10 }, () => [ana.add("caldo-verde"), rui.add("arroz-doce")]).flat();
  const versions = (await Promise.all(adding)).map(accepted);
  assert.equal(new Set(versions).size, 20, "no two took effect at one version");
  await Promise.all([ana.reaches(from + 20), rui.reaches(from + 20)]);
  const [seenByAna, seenByRui] = [ana, rui].map((guest) => guest.events().filter(({ n }) => n > from));
  assert.deepEqual(seenByAna, seenByRui);
  dense(seenByAna, from);
  assert.deepEqual([ana.gaps, rui.gaps], [[], []]);
  const cart = (await ana.snapshot()).cart;
  assert.deepEqual(cart.filter(({ guest }) => guest === 1).map(({ dish }) => dish), Array(10).fill("caldo-verde"));
  assert.deepEqual(cart.filter(({ guest }) => guest === 2).map(({ dish }) => dish), Array(10).fill("arroz-doce"));
});

test("two who send at once make one round", async () => {
  const table = server.table();
  const [ana, rui] = [await server.guest(table), await server.guest(table)];
  accepted(await ana.add("caldo-verde"));
  accepted(await rui.add("arroz-doce"));
  const answers = await Promise.all([ana, rui].map((guest) => guest.do("send_round", { round: 1 })));
  assert.equal(answers.filter(({ accepted }) => accepted).length, 1);
  refused(answers.find((answer) => answer.refused), "already_sent");
  const { cart, rounds } = await rui.snapshot();
  assert.deepEqual([cart.length, rounds.length, rounds[0].items.length], [0, 1, 2]);
  refused(await ana.do("send_round", { round: 2 }), "nothing_to_send");
  refused(await ana.do("send_round", { round: 3 }), "no_such_round");
});

test("what the kitchen and the waiter do is seen at the table and on every board", async () => {
  const ana = await server.guest(server.table());
  const [cook, waiter] = [await server.staff("kitchen"), await server.staff("waiter")];
  const [soup, rice] = [newId(), newId()];
  accepted(await ana.add("caldo-verde", {}, soup));
  accepted(await ana.add("arroz-doce", {}, rice));
  accepted(await ana.do("send_round", { round: 1 }));
  const sent = await cook.sees("round_sent", ana.seating);
  assert.deepEqual(sent.e.lines, [{ line: soup, station: "grill" }, { line: rice, station: "cold" }]);
  assert.deepEqual(sent.by, { guest: 1 });

  const does = (screen, type, fields) => screen.command(ana.seating, { type, round: 1, ...fields });
  accepted(await does(cook, "start", { station: "grill" }));
  refused(await does(cook, "start", { station: "grill" }), "unchanged");
  refused(await does(cook, "start", { station: "bar" }), "no_such_ticket");
  accepted(await does(cook, "bump", { station: "grill" }));
  accepted(await does(cook, "recall", { station: "grill" }));
  accepted(await does(cook, "bump", { station: "grill", lines: [soup] }));
  accepted(await does(waiter, "serve", { lines: [soup] }));
  const last = accepted(await does(cook, "bump", { station: "cold" }));

  const story = ["items_started", "items_ready", "items_recalled", "items_ready", "items_served", "items_ready"];
  for (const screen of [ana, cook, waiter]) {
    await screen.reaches(last, ana.seating);
    assert.deepEqual(screen.events(ana.seating).slice(-6).map(({ e }) => e.type), story);
    assert.deepEqual(screen.gaps, []);
  }
  const states = (await ana.snapshot()).rounds[0].items.map(({ line, state }) => [line.line, state]);
  assert.deepEqual(states, [[soup, "served"], [rice, "ready"]]);
});

test("a board of the staff gets the floor, the menu and every seating, and those that open later", async () => {
  const table = server.table();
  const ana = await server.guest(server.table());
  const waiter = await server.staff("waiter");
  const seatings = [...waiter.held.keys()].filter((stream) => stream.startsWith("seating/"));
  const { seated } = waiter.held.get(FLOOR).snapshot;
  assert.deepEqual(seatings.sort(), Object.values(seated).map(({ seating }) => `seating/${seating}`).sort());
  assert.ok(seatings.includes(ana.seating) && waiter.held.has(MENU));

  const opening = newId();
  const version = accepted(await waiter.command(FLOOR, { type: "open_table", table }, opening));
  const opened = await waiter.sees("table_opened", FLOOR, (e) => e.table === table);
  assert.equal(opened.n, version, "the answer tells the floor's version");
  assert.equal(opened.e.seating, opening, "the seating's id is that of the command that opened it");
  assert.equal((await waiter.sees("opened", `seating/${opening}`)).n, 1);
  const rui = await server.guest(table, { name: "Rui" });
  assert.equal(rui.welcome.seating, opening, "whoever scans the code joins the party that was seated");
  assert.equal((await waiter.sees("guest_joined", rui.seating)).e.name, "Rui");
  refused(await waiter.command(FLOOR, { type: "open_table", table }), "table_taken");
  assert.deepEqual(waiter.gaps, []);
});

test("two who scan a free table at once sit at one table", async () => {
  const table = server.table();
  const cookies = await Promise.all([server.join(table, "Ana"), server.join(table, "Rui")]);
  const guests = await Promise.all(cookies.map((cookie) => server.synced({ cookie })));
  assert.equal(guests[0].seating, guests[1].seating);
  assert.deepEqual(guests.map(({ welcome }) => welcome.actor.guest).sort(), [1, 2]);
});

test("commands that are sent without waiting take effect in their order", async () => {
  const ana = await server.guest(server.table());
  const from = ana.version();
  const pairs = Array.from({ length: 15 }, (_, i) => ({ line: newId(), by: 1 + i }));
  const answers = pairs.flatMap(({ line, by }) => [ana.add("arroz-doce", {}, line), ana.do("change_quantity", { line, by })]);
  assert.deepEqual((await Promise.all(answers)).map(accepted), answers.map((_, i) => from + 1 + i));
  const { cart } = await ana.snapshot();
  assert.deepEqual(cart.map(({ line, quantity }) => [line, quantity]), pairs.map(({ line, by }) => [line, 1 + by]));
});

for (const [name, transports] of [["long-polling alone", ["polling"]], ["long-polling that becomes a WebSocket", ["polling", "websocket"]]]) {
  test(`a network with ${name} is enough`, async () => {
    const table = server.table();
    const [ana, rui] = [await server.guest(table, { transports }), await server.guest(table)];
    const from = rui.version();
    const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => (i % 2 ? ana : rui).add("arroz-doce")));
    answers.forEach(accepted);
    await Promise.all([ana.reaches(from + 10), rui.reaches(from + 10)]);
    assert.deepEqual(ana.events().filter(({ n }) => n > from), rui.events().filter(({ n }) => n > from));
    assert.deepEqual(ana.gaps, []);
  });
}

test("a server that is asked to stop tells its screens to move, and ends by itself", async () => {
  const ana = await server.guest(server.table());
  const waiter = await server.staff("waiter");
  server.process.kill("SIGTERM");
  await until(() => ana.moves === 1 && waiter.moves === 1, "both are told to move");
  refused((await ana.add("no-such-dish")), "no_such_dish");
  await Promise.all([ana.isEnded(), waiter.isEnded()]);
  assert.deepEqual(await until(() => server.exit, "the server ends"), { code: 0, signal: null });
});
