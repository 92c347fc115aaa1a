// Messages that no well-behaved screen sends. Each is refused, and nobody else notices.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { accepted, refused } from "./answers.mjs";
import { VENUE, serve } from "./harness.mjs";
import { Raw } from "./raw.mjs";
import { newId } from "./screen.mjs";

const server = await serve();
const MENU = `menu/${VENUE}`;
const anas = [server.table(), server.table()];
// A phone of her own for each test: nobody is too fast because of what another test sent.
let ana;
let tests = 0;
beforeEach(async () => (ana = await server.guest(anas[(tests += 1) % anas.length], { name: "Ana" })));
afterEach(() => ana.leave());

/** Sends these in turn, slower than is too fast, and gives the answers. */
async function each(bodies, message = "command") {
  const screen = await server.guest(server.table());
  const answers = [];
  for (const body of bodies) answers.push(await screen.ask(message, body));
  screen.leave();
  return answers;
}

test("a message of an unknown name is refused", async () => {
  for (const name of ["", "commands", "COMMAND", "__proto__", "constructor", "x".repeat(5_000), "events", "welcome"]) {
    assert.match(refused(await ana.ask(name, {}), "malformed"), /sync/, name.slice(0, 20));
  }
  // Without an answer wanted, it is passed over.
  ana.socket.emit("commands", {});
  accepted(await ana.add("arroz-doce"));
});

test("a command that is not one is refused", async () => {
  const stream = ana.seating;
  const add = { type: "add_line", dish: "caldo-verde", quantity: 1 };
  const ask = (fields) => ({ mutation: newId(), stream, command: add, ...fields });
  const without = (field) => Object.fromEntries(Object.entries(ask()).filter(([name]) => name !== field));
  const broken = [
    null, true, 7, "add", [], [ask()], {}, [[[]]],
    without("mutation"), without("stream"), without("command"),
    ask({ mutation: 7 }), ask({ mutation: "7" }), ask({ mutation: "g".repeat(32) }), ask({ mutation: null }),
    ask({ stream: "seating" }), ask({ stream: 7 }), ask({ stream: "seating/7" }), ask({ stream: "bill/7" }), ask({ stream: "" }),
  ];
  for (const [i, answer] of (await each(broken)).entries()) {
    assert.ok(refused(answer, "malformed"), `with a detail for who wrote it: ${JSON.stringify(broken[i])}`);
  }
  refused(await ana.ask("command"), "malformed");
});

test("a command of an unknown type, or with fields of wrong types, is refused", async () => {
  const commands = [
    null, [], "add_line", 7, {}, { type: null }, { type: "fly" }, { type: ["add_line"] }, { type: "AddLine" },
    { type: "add_line" }, { type: "add_line", dish: 7, quantity: 1 }, { type: "add_line", dish: "Caldo Verde", quantity: 1 },
    { type: "add_line", dish: "caldo-verde", quantity: "1" }, { type: "add_line", dish: "caldo-verde", quantity: null },
    { type: "add_line", dish: "caldo-verde", quantity: 1, options: {} },
    { type: "add_line", dish: "caldo-verde", quantity: 1, options: ["broa"] },
    { type: "add_line", dish: "caldo-verde", quantity: 1, note: {} },
    { type: "change_quantity", line: newId(), by: 40_000 }, { type: "set_ready", ready: "yes" },
    { type: "send_round", round: -1 }, { type: "send_round", round: 70_000 }, { type: "remove_line", line: "7" },
  ];
  for (const command of commands) assert.ok(refused(await ana.command(ana.seating, command), "malformed"), JSON.stringify(command));
});

test("a command that is nested without end is refused", async () => {
  const nest = (depth) => JSON.parse('{"a":'.repeat(depth) + "1" + "}".repeat(depth));
  for (const depth of [100, 200, 2_000]) {
    refused(await ana.command(ana.seating, { type: "add_line", dish: nest(depth), quantity: 1 }), "malformed");
    refused(await ana.ask("command", nest(depth)), "malformed");
  }
  const raw = await Raw.guest(server, await server.join(server.table()));
  raw.send(`427["command",${"[".repeat(30_000)}${"]".repeat(30_000)}]`);
  await raw.settles();
  raw.leave();
  await server.stillServes();
});

test("fields that are unknown change nothing, and prices least of all", async () => {
  const line = newId();
  accepted(await ana.add("caldo-verde", { price: 1, unit_price: 1, total: 0, name: { en: "Free soup" }, currency: "BRL" }, line));
  const { e } = await ana.sees("line_added", ana.seating, (added) => added.line === line);
  assert.deepEqual([e.unit_price, e.name.en], [380, "Caldo verde"]);
  const options = [{ group: "bread", option: "broa", price: -1_000, name: { en: "Free" } }];
  accepted(await ana.do("edit_line", { line, options, unit_price: 1 }));
  assert.equal((await ana.sees("line_edited", ana.seating, (edited) => edited.line === line)).e.unit_price, 470);
});

test("a sync that is not one is refused", async () => {
  const broken = [null, [], "all", {}, { streams: [] }, { streams: { [MENU]: -1 } }, { streams: { [MENU]: "1" } }, { streams: { [MENU]: 1.5 } }];
  for (const [i, answer] of (await each(broken, "sync")).entries()) {
    assert.deepEqual([answer.refused, answer.streams], ["malformed", []], JSON.stringify(broken[i]));
  }
});

test("streams of a kind that the server does not know are passed over in a sync", async () => {
  const { refused: why, streams } = await ana.ask("sync", { streams: { "bill/7": 3, "no stream": 0 } });
  assert.equal(why, undefined);
  assert.deepEqual(streams.map(({ stream }) => stream).sort(), [MENU, ana.seating].sort());
});

test("a sync that names more streams than there can be is refused", async () => {
  const named = (count) => Object.fromEntries(Array.from({ length: count }, () => [`seating/${newId()}`, 4_096]));
  const waiter = await server.staff("waiter");
  for (const screen of [ana, waiter]) {
    assert.equal((await screen.ask("sync", { streams: named(1_201) })).refused, "malformed");
    const most = await screen.ask("sync", { streams: named(1_200) });
    assert.equal(most.refused, undefined);
    assert.ok(most.streams.some(({ stream }) => stream === MENU));
  }
});

test("notes that are too long, or can't be shown, are refused", async () => {
  for (const note of ["x".repeat(201), "x".repeat(10_000), "a\u0000b", "a\u202Eb", " ", ""]) {
    assert.ok(refused(await ana.add("caldo-verde", { note }), "malformed"), JSON.stringify(note.slice(0, 20)));
  }
  const line = newId();
  accepted(await ana.add("caldo-verde", { note: ` ${"é".repeat(100)} \n ${"é".repeat(99)} ` }, line));
  const { e } = await ana.sees("line_added", ana.seating, (added) => added.line === line);
  assert.equal(e.note, `${"é".repeat(100)} ${"é".repeat(99)}`, "white space is folded");
  refused(await ana.do("edit_line", { line, note: "x".repeat(201) }), "malformed");
});

test("names that are too long, or can't be shown, are refused", async () => {
  const table = server.table();
  for (const name of ["x".repeat(41), "x".repeat(10_000), "a\u0007b", "a\u202Eb", "\u200D"]) {
    refused(await ana.do("rename", { name }), "malformed");
    const joined = await server.post("/api/join", { venue: VENUE, token: server.token(table), name });
    assert.match(await joined.text(), /BadName/, JSON.stringify(name.slice(0, 20)));
    assert.deepEqual(joined.headers.getSetCookie(), []);
  }
  const { streams } = await (await server.staff("waiter")).ask("sync", { streams: {} });
  assert.equal(streams.find(({ stream }) => stream.startsWith("floor/")).snapshot.seated[table], undefined, "nobody sat down");
});

test("a form that can't be read is told to be the sender's fault", async () => {
  const [venue, token] = [VENUE, server.token("t1")];
  const forms = [
    ["/api/join", { venue, token, name: "x".repeat(41) }, 422],
    ["/api/join", { venue, token: "7", name: "" }, 400],
    ["/api/join", { venue: "No Slug", token, name: "" }, 400],
    ["/api/join", {}, 400],
    ["/api/sign-in", { venue, staff: "No Slug", password: "x", to: "floor" }, 401],
    ["/api/sign-in", { venue }, 400],
  ];
  const statuses = await Promise.all(forms.map(async ([path, fields]) => (await server.post(path, fields)).status));
  assert.deepEqual(statuses, forms.map(([, , status]) => status));
});

test("markup in a name is text on every screen", async () => {
  const table = server.table();
  const name = `<img src=x onerror="a">&'`;
  const cookie = await server.join(table, name);
  const guest = await server.synced({ cookie });
  accepted(await guest.add("caldo-verde", { note: "</script><script>alert(1)</script>" }));
  assert.equal(guest.held.get(guest.seating).snapshot.guests[0].name, name);
  const staff = await server.signIn("waiter");
  const kitchen = await server.signIn("kitchen");
  accepted(await guest.do("send_round", { round: 1 }));
  for (const [link, as] of [[server.link(table), cookie], [server.venue.floor, staff], [server.venue.kitchen, kitchen]]) {
    const html = await (await fetch(link, { headers: { cookie: as } })).text();
    assert.ok(!html.includes("<img src=x"), link);
    assert.ok(!html.includes("<script>alert"), link);
    if (link === server.link(table)) assert.ok(html.includes("&lt;img src=x onerror="), "it is there, escaped");
  }
});

test("quantities that can't be ordered are refused", async () => {
  for (const quantity of [0, 100, 65_535]) refused(await ana.add("caldo-verde", { quantity }), "quantity_out_of_range");
  for (const quantity of [-1, 1.5, 65_536, 1e300, Number.MAX_SAFE_INTEGER]) refused(await ana.add("caldo-verde", { quantity }), "malformed");
  const line = newId();
  accepted(await ana.add("caldo-verde", { quantity: 99 }, line));
  for (const by of [1, 0, -100, 32_767, -32_768]) refused(await ana.do("change_quantity", { line, by }), "quantity_out_of_range");
  for (const by of [0.5, 32_768, null]) refused(await ana.do("change_quantity", { line, by }), "malformed");
  accepted(await ana.do("change_quantity", { line, by: -99 }));
  refused(await ana.do("change_quantity", { line, by: 1 }), "no_such_line");
  refused(await ana.do("remove_line", { line }), "no_such_line");
  refused(await ana.do("edit_line", { line: newId() }), "no_such_line");
});

test("options that break their dish's rules are refused", async () => {
  const choose = (...chosen) => ({ options: chosen.map((pair) => pair.split(" ")).map(([group, option]) => ({ group, option })) });
  const right = ["doneness rare", "egg two-eggs", "sauce coffee"];
  const wrong = [
    [[], "options_break_rules"],
    [right.slice(1), "options_break_rules"],
    [[...right, "doneness medium"], "options_break_rules"],
    [[...right, "doneness rare"], "options_break_rules"],
    [["doneness raw", ...right.slice(1)], "no_such_option"],
    [[...right, "colour red"], "no_such_option"],
    [["egg rare", ...right.slice(1)], "no_such_option"],
    [Array(500).fill("doneness rare"), "options_break_rules"],
  ];
  for (const [options, reason] of wrong) refused(await ana.add("bitoque", choose(...options)), reason);
  const line = newId();
  accepted(await ana.add("bitoque", choose(...right), line));
  refused(await ana.do("edit_line", { line, ...choose("doneness rare") }), "options_break_rules");
  assert.equal((await ana.snapshot()).cart.find((held) => held.line === line).unit_price, 1190 + 110 + 150);
});

test("a dish that is not on the menu is refused", async () => {
  for (const dish of ["no-such-dish", "x".repeat(64), "constructor"]) refused(await ana.add(dish), "no_such_dish");
});

test("what is sold out can neither be added nor sent, and everybody is told", async () => {
  const guest = await server.guest(server.table());
  const kitchen = await server.staff("kitchen");
  const [dish, line] = ["mousse-chocolate", newId()];
  accepted(await guest.add(dish, {}, line));
  const mark = (sold_out) => kitchen.command(MENU, { type: "set_dish_sold_out", dish, sold_out });
  const version = accepted(await mark(true));
  await Promise.all([guest, ana, kitchen].map((screen) => screen.reaches(version, MENU)));
  assert.deepEqual(guest.events(MENU).at(-1).e, { type: "dish_sold_out", dish });
  refused(await guest.add(dish), "sold_out");
  refused(await guest.do("change_quantity", { line, by: 1 }), "sold_out");
  refused(await guest.do("send_round", { round: 1 }), "sold_out");
  refused(await mark(true), "unchanged");
  assert.deepEqual((await guest.snapshot(MENU)).sold_out, [dish]);
  accepted(await mark(false));
  accepted(await guest.do("send_round", { round: 1 }));

  const option = { dish: "caldo-verde", group: "bread", option: "broa" };
  const markOption = (sold_out) => kitchen.command(MENU, { type: "set_option_sold_out", ...option, sold_out });
  accepted(await markOption(true));
  refused(await guest.add("caldo-verde", { options: [{ group: "bread", option: "broa" }] }), "option_sold_out");
  accepted(await guest.add("caldo-verde"));
  accepted(await markOption(false));
  refused(await kitchen.command(MENU, { type: "set_dish_sold_out", dish: "no-such-dish", sold_out: true }), "no_such_dish");
});

test("a cart that is full takes no more", async () => {
  const table = server.table();
  const guests = await Promise.all([1, 2, 3, 4].map(() => server.guest(table)));
  for (const guest of guests) {
    const answers = await Promise.all(Array.from({ length: 50 }, () => guest.add("arroz-doce")));
    answers.forEach(accepted);
  }
  refused(await guests[0].add("arroz-doce"), "cart_full");
  accepted(await guests[0].do("send_round", { round: 1 }));
  accepted(await guests[0].add("arroz-doce"));
});
