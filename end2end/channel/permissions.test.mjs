// Who may do what, over the channel and over HTTP: as domain/tests/permissions.txt says, which is made from the rules' own
// commands. A command or an endpoint that is added and not asked here fails.

import assert from "node:assert/strict";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { accepted } from "./answers.mjs";
import { ROOT, VENUE, cookieOf, serve } from "./harness.mjs";
import { newId } from "./screen.mjs";

const [FLOOR, MENU, ACCESS] = [`floor/${VENUE}`, `menu/${VENUE}`, `access/${VENUE}`];
const RULES = { watch_after_min: 5, late_after_min: 8, approve_first_round: true };
/** Refusals of somebody as who they are. */
const AS_WHO_THEY_ARE = ["not_allowed", "not_seated", "no_such_guest", "table_free"];
const PASSWORD = "long enough for 4";

/** The page's rows: stream, state, command, and who may. */
const PAGE = (await readFile(join(ROOT, "domain/tests/permissions.txt"), "utf8"))
  .trim()
  .split("\n")
  .map((row) => row.split(/\s+/))
  .map(([stream, state, command, ...who]) => ({ stream, state, command, who }));
const rows = (stream, state) => PAGE.filter((row) => row.stream === stream && row.state === state);
const commandsOf = (stream) => [...new Set(PAGE.filter((row) => row.stream === stream).map(({ command }) => command))].sort();

const OTHER = "cantina";
const place = await mkdtemp(join(tmpdir(), "comanda-permissions-"));
after(() => rm(place, { recursive: true, force: true }));
const file = JSON.parse(await readFile(join(ROOT, "server/demo/venue.json"), "utf8"));
await writeFile(join(place, "cantina.json"), JSON.stringify({ ...file, venue: OTHER }));
const server = await serve({ venues: [join(place, "cantina.json")] });

/** Signs somebody in on a device of their own. */
async function signedIn(staff, password = server.venue.password, venue = VENUE) {
  const answer = await server.post("/api/sign-in", { venue, staff, password, to: "floor" });
  assert.equal(answer.status, 200, await answer.text());
  const cookies = answer.headers.getSetCookie().map((set) => set.split(";")[0]);
  return { staff: cookies.find((cookie) => cookie.includes("_staff_")), all: cookies.join("; ") };
}

const cookies = { manager: await signedIn("manager") };
const asManager = (path, fields) => server.post(`/api/${path}`, { venue: VENUE, ...fields }, { cookie: cookies.manager.staff });
assert.ok((await asManager("people-add", { staff: "alba", called: "Alba", role: "allrounder", password: PASSWORD, pin: "" })).ok);
cookies.waiter = await signedIn("waiter");
cookies.kitchen = await signedIn("kitchen");
cookies.allrounder = await signedIn("alba", PASSWORD);
cookies.elsewhere = await signedIn("manager", server.links.venues[OTHER].password, OTHER);

const as = "staff";
const staff = {};
for (const role of ["waiter", "kitchen", "allrounder", "manager"]) staff[role] = await server.synced({ cookie: cookies[role].staff, as });
const elsewhere = await server.synced({ cookie: cookies.elsewhere.staff, as, venue: OTHER });
const guestElsewhere = await server.guest(server.table());

async function rules(changed) {
  const answer = await staff.manager.command(FLOOR, { type: "set_house_rules", rules: { ...RULES, ...changed } });
  if (answer.refused?.reason !== "unchanged") accepted(answer);
}

/** Joins, let in by the waiter where that is what it takes. */
async function sitDown(table, name) {
  const answer = await server.post("/api/join", { venue: VENUE, token: server.token(table), name, mutation: newId() });
  if (answer.status === 200) return cookieOf(answer);
  assert.equal(answer.status, 202, await answer.text());
  const cookie = cookieOf(answer);
  await letIn(table);
  const looked = await server.post("/api/join-state", { venue: VENUE }, { cookie });
  return looked.headers.getSetCookie().map((set) => set.split(";")[0]).find((set) => set.startsWith("comanda_guest_tasca=c") || /guest_tasca=.{20}/.test(set));
}

async function seatingAt(table) {
  const { seated } = await staff.waiter.snapshot(FLOOR);
  return `seating/${seated[table].seating}`;
}

async function letIn(table) {
  const stream = await seatingAt(table);
  const { entry } = await staff.waiter.snapshot(stream);
  accepted(await staff.waiter.command(stream, { type: "let_in", ask: entry.asks.at(-1).ask }));
}

/** Asks for a place, and gives the number of that. */
async function askFor(table, stream) {
  const answer = await server.post("/api/join", { venue: VENUE, token: server.token(table), name: "Rui", back: "1", mutation: newId() });
  assert.equal(answer.status, 202);
  return (await staff.waiter.snapshot(stream)).entry.asks.at(-1).ask;
}

/** Has everybody ask for it: first those who may not, of whom nothing may come, and then those who may. */
async function everybodyAsks(row, stream, sample, everybody, version) {
  const command = { type: row.command, ...sample };
  const before = await version();
  for (const [who, screen] of Object.entries(everybody).filter(([who]) => !row.who.includes(who))) {
    const answer = await screen.command(stream, command);
    assert.ok(AS_WHO_THEY_ARE.includes(answer.refused?.reason), `${row.state} ${row.command} by ${who}: ${JSON.stringify(answer)}`);
  }
  assert.equal(await version(), before, `${row.state} ${row.command}: nothing came of those who may not`);
  let took = 0;
  for (const [who, screen] of Object.entries(everybody).filter(([who]) => row.who.includes(who))) {
    const answer = await screen.command(stream, command);
    assert.ok(!AS_WHO_THEY_ARE.includes(answer.refused?.reason), `${row.state} ${row.command} by ${who}: ${JSON.stringify(answer)}`);
    took += answer.accepted ? 1 : 0;
  }
  if (row.who.some((who) => everybody[who])) assert.ok(took > 0, `${row.state} ${row.command}: the sample is one that can be done`);
}

for (const [state, joining] of [["open", "open"], ["staff-let-in", "staff"]]) {
  test(`at a table where the state is “${state}”, each may do what the page says and nothing else`, async () => {
    const table = server.table();
    await rules({ joining });
    if (joining === "staff") accepted(await staff.waiter.command(FLOOR, { type: "open_table", table }));
    const guest = await server.synced({ cookie: await sitDown(table, "Ana"), as: "guest" });
    await sitDown(table, "Ben");
    const stream = guest.seating;
    const everybody = { guest, ...staff, "a guest of another table": guestElsewhere, "a manager of another venue": elsewhere };
    const version = async () => (await guest.snapshot()).progress.version;
    const [line, round] = [newId(), 1];
    const ticket = { round, station: "grill" };
    const send = async () => accepted(await guest.do("send_round", { round }));
    const asks = [await askFor(table, stream), await askFor(table, stream)];
    const bump = async () => accepted(await staff.kitchen.command(stream, { type: "bump", ...ticket }));
    accepted(await guest.add("caldo-verde"));
    await send();
    const waits = (await guest.snapshot()).waiting !== undefined;
    // A waiter who opened the table has seen who sits there: no round of theirs waits.
    assert.equal(waits, joining === "open");
    const samples = [
      ["decline_round", { round }, waits ? send : null],
      ["accept_round", { round }],
      ["let_in", { ask: asks[0] }],
      ["turn_away", { ask: asks[1] }],
      ["start", ticket],
      ["bump", ticket],
      ["recall", ticket, bump],
      ["serve", { round }, async () => accepted(await guest.add("arroz-doce", {}, line))],
      ["add_line", { dish: "arroz-doce", quantity: 1 }],
      ["change_quantity", { line, by: 1 }],
      ["edit_line", { line, note: "cold" }],
      ["remove_line", { line }],
      ["set_ready", { ready: true }],
      ["rename", { name: "Ana Maria" }],
      ["send_round", { round: 2 }],
      ["remove_guest", { guest: 2 }],
    ];
    assert.deepEqual(samples.map(([command]) => command).sort(), commandsOf("seating"), "each command is asked here");
    for (const [command, sample, then] of samples) {
      const row = rows("seating", state).find((row) => row.command === command);
      const isWaitingFor = command.endsWith("_round") && command !== "send_round";
      if (row && (waits || !isWaitingFor)) await everybodyAsks(row, stream, sample, everybody, version);
      await then?.();
    }
    for (const [state, seating] of [["not-opened", newId()], ["closed", stream.split("/")[1]]]) {
      if (state === "closed") accepted(await staff.waiter.command(FLOOR, { type: "close_table", table, seating, even_if_unserved: true }));
      for (const [command, sample] of samples) {
        assert.deepEqual(rows("seating", state).find((row) => row.command === command).who, ["-"]);
        for (const [who, screen] of Object.entries({ ...staff, guestElsewhere, elsewhere })) {
          const answer = await screen.command(`seating/${seating}`, { type: command, ...sample });
          assert.ok(AS_WHO_THEY_ARE.includes(answer.refused?.reason), `${state} ${command} by ${who}: ${JSON.stringify(answer)}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 40));
      }
    }
  });
}

test("of the floor and the menu, each may do what the page says and nothing else", async () => {
  await rules({ joining: "open" });
  const guest = await server.guest(server.table());
  const everybody = { guest, ...staff, "a manager of another venue": elsewhere };
  const snapshot = (stream) => staff.manager.snapshot(stream);
  const { tables } = await snapshot(FLOOR);
  const { catalog } = await snapshot(MENU);
  const free = [server.table(), server.table(), server.table(), server.table()];
  let [flip, n] = [false, 20];
  const seatedAt = async (table) => (await snapshot(FLOOR)).seated[table]?.seating ?? newId();
  // One sample for each who may: a table of their own.
  const samples = {
    [FLOOR]: {
      open_table: (i) => ({ table: free[i] }),
      close_table: async (i) => ({ table: free[i], seating: await seatedAt(free[i]) }),
      set_house_rules: () => ({ rules: { ...RULES, joining: "open", late_after_min: (n += 1) } }),
      lay_tables: () => ({ tables: tables.map((table, i) => (i ? table : { ...table, seats: (n += 1) })) }),
    },
    [MENU]: {
      set_dish_sold_out: () => ({ dish: "caldo-verde", sold_out: (flip = !flip) }),
      set_option_sold_out: () => ({ dish: "caldo-verde", group: "bread", option: "broa", sold_out: (flip = !flip) }),
      publish: () => ({ catalog: { ...catalog, title: `Tasca ${(n += 1)}` } }),
    },
  };
  for (const [stream, of] of Object.entries(samples)) {
    const [kind] = stream.split("/");
    assert.deepEqual(Object.keys(of).sort(), commandsOf(kind), "each command is asked here");
    const version = async () => (await snapshot(stream)).progress.version;
    for (const [command, sample] of Object.entries(of)) {
      const row = PAGE.find((row) => row.stream === kind && row.command === command);
      const [may, mayNot] = [true, false].map((may) => Object.entries(everybody).filter(([who]) => row.who.includes(who) === may));
      const sold = flip;
      await everybodyAsks({ ...row, who: [] }, stream, await sample(0), Object.fromEntries(mayNot), version);
      flip = sold;
      for (const [i, [, screen]] of may.entries()) accepted(await screen.command(stream, { type: command, ...(await sample(i)) }));
      if (command.endsWith("_sold_out") && flip) accepted(await staff.manager.command(stream, { type: command, ...sample() }));
    }
  }
});

test("who may do what is changed by nobody on the channel", async () => {
  const everybody = { guest: guestElsewhere, ...staff, elsewhere };
  for (const command of commandsOf("access")) {
    for (const [who, screen] of Object.entries(everybody)) {
      const answer = await screen.command(ACCESS, { type: command, id: "kim", device: 1, table: "t1" });
      assert.ok(answer.refused, `${command} by ${who}: ${JSON.stringify(answer)}`);
      assert.notEqual(answer.refused.reason, "unavailable");
    }
  }
});

test("over HTTP, each may do what the page says and nothing else", async () => {
  await rules({ joining: "open", late_after_min: 9 });
  // One who was removed, one whose device was signed out, and a manager who took a device over by PIN.
  const table = server.table();
  const ana = await server.guest(table, { name: "Ana" });
  const guest = await server.join(table, "Rui");
  const removed = await server.join(table, "Eva");
  accepted(await ana.do("remove_guest", { guest: 3 }));
  const gone = await signedIn("waiter");
  assert.ok((await server.post("/api/sign-out", { venue: VENUE }, { cookie: gone.all })).ok);
  const pinned = await asManager("people-pin", { staff: "manager", pin: "294817" });
  assert.ok(pinned.ok);
  assert.equal((await asManager("people", {})).status, 401, "a new PIN signs one out wherever one is");
  cookies.manager.staff = cookieOf(pinned);
  const changed = await asManager("people-password", { staff: "manager", password: PASSWORD });
  assert.ok(changed.ok);
  cookies.manager.staff = cookieOf(changed);
  assert.equal((await asManager("people", {})).status, 200, "who has set another password goes on where it was set");
  const tablet = await signedIn("waiter");
  const taken = await server.post("/api/take-over", { venue: VENUE, staff: "manager", pin: "294817", to: "floor" }, { cookie: tablet.all });
  assert.equal(taken.status, 200, await taken.text());
  const byPin = taken.headers.getSetCookie().map((set) => set.split(";")[0]).find((set) => set.includes("_staff_"));

  const strangers = { nobody: "", guest, removed, "a device that was signed out": gone.staff, "a manager of another venue": cookies.elsewhere.staff };
  const others = { waiter: cookies.waiter.staff, kitchen: cookies.kitchen.staff, allrounder: cookies.allrounder.staff, "a manager by PIN": byPin };
  const post = (endpoint, fields, cookie) => server.post(`/api/${endpoint}`, { venue: VENUE, ...fields }, cookie ? { cookie } : {});

  const spare = await signedIn("kitchen");
  const people = async () => (await post("people", {}, cookies.manager.staff)).json();
  const listed = await post("people", {}, cookies.manager.staff);
  const told = await listed.text();
  assert.equal(listed.status, 200, told);
  const { device: own, devices } = JSON.parse(told);
  const { number } = devices.find((device) => device.number !== own);
  /** What managers do with people and devices: by endpoint, the access stream's command and a sample. */
  const managing = [
    ["people-add", "add_staff", { staff: "kim", called: "Kim", role: "waiter", password: PASSWORD, pin: "" }],
    ["people-change", "change_staff", { staff: "kim", called: "Kim B", role: "kitchen" }],
    ["people-password", "set_password", { staff: "kim", password: `${PASSWORD} 5` }],
    ["people-pin", "set_pin", { staff: "kim", pin: "5820" }],
    ["people-sign-out", "sign_out", { staff: "kim" }],
    ["people-remove", "remove_staff", { staff: "kim" }],
    ["device-name", "name_device", { device: number, called: "Terrace" }],
    ["device-sign-out", "sign_out_device", { device: number }],
    ["device-remove", "remove_device", { device: number }],
    ["device-sign-out-all", "sign_out_everybody", {}],
  ];
  /** What nobody does over HTTP: a venue's file, the command line and signing in do. */
  const notOverHttp = ["give_token", "remove_token", "set_staff", "set_token", "sign_in_device"];
  assert.deepEqual([...managing.map(([, command]) => command), ...notOverHttp].sort(), commandsOf("access"), "each command is asked here");
  for (const [, command] of managing) assert.ok(PAGE.find((row) => row.stream === "access" && row.command === command).who.includes("manager"));

  const before = JSON.stringify({ ...(await people()), fresh_password: "", now: 0 });
  for (const [endpoint, , fields] of [["people", null, {}], ...managing]) {
    for (const [who, cookie] of Object.entries(strangers)) assert.equal((await post(endpoint, fields, cookie)).status, 401, `${endpoint} by ${who}`);
    for (const [who, cookie] of Object.entries(others)) assert.equal((await post(endpoint, fields, cookie)).status, 403, `${endpoint} by ${who}`);
  }
  assert.equal(JSON.stringify({ ...(await people()), fresh_password: "", now: 0 }), before, "nothing came of any of it");

  /** What others may: by endpoint, what strangers and staff are answered. */
  const open = { staff: [401, 200], renew: [401, 200], "take-over": [401, null] };
  for (const [endpoint, [stranger, works]] of Object.entries(open)) {
    const fields = endpoint === "take-over" ? { staff: "manager", pin: "294817", to: "floor" } : {};
    for (const [who, cookie] of Object.entries(strangers)) assert.equal((await post(endpoint, fields, cookie)).status, stranger, `${endpoint} by ${who}`);
    for (const [who, cookie] of Object.entries(others)) if (works) assert.equal((await post(endpoint, fields, cookie)).status, works, `${endpoint} by ${who}`);
  }
  for (const [who, cookie] of Object.entries(strangers)) {
    const door = await (await post("door", {}, cookie)).json();
    assert.deepEqual([door.is_signed_in, door.members], [false, []], `the sign-in page tells ${who} who works here`);
    const data = await (await post("guest", { token: server.token(table) }, cookie)).text();
    assert.equal(data.includes("Ana"), who === "guest", `a table's page tells ${who} who sits there`);
  }
  const forOthers = ["door", "guest", "join", "join-state", "sign-in", "sign-out", "people", ...Object.keys(open)];
  const sources = (await readdir(join(ROOT, "app/src/api"))).filter((name) => name.endsWith(".rs"));
  const texts = await Promise.all(sources.map((name) => readFile(join(ROOT, "app/src/api", name), "utf8")));
  const endpoints = texts.flatMap((text) => [...text.matchAll(/endpoint = "([^"]+)"/g)].map(([, endpoint]) => endpoint));
  assert.deepEqual([...managing.map(([endpoint]) => endpoint), ...forOthers].sort(), endpoints.sort(), "each endpoint is asked here");

  for (const [endpoint, , fields] of managing) {
    const answer = await post(endpoint, fields, cookies.manager.staff);
    assert.ok(answer.status < 400, `${endpoint} by a manager: ${answer.status} ${await answer.text()}`);
  }
  for (const [who, cookie] of [...Object.entries(others), ["manager", cookies.manager.staff], ["spare", spare.staff]]) {
    assert.equal((await post("staff", {}, cookie)).status, 401, `everybody is signed out: ${who}`);
  }
});
