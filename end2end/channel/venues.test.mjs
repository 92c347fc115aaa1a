// Two venues in one installation, the same but for their name: nothing of the one reaches the other.

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { accepted, refused } from "./answers.mjs";
import { ROOT, VENUE, serve } from "./harness.mjs";
import { newId } from "./screen.mjs";

const OTHER = "cantina";
const place = await mkdtemp(join(tmpdir(), "comanda-venues-"));
after(() => rm(place, { recursive: true, force: true }));
const file = JSON.parse(await readFile(join(ROOT, "server/demo/venue.json"), "utf8"));
await writeFile(join(place, "cantina.json"), JSON.stringify({ ...file, venue: OTHER }));
const server = await serve({ venues: [join(place, "cantina.json")] });

const inOther = { venue: OTHER };
const guestOfOther = async (table, name) =>
  server.synced({ cookie: await server.join(table, name, {}, OTHER), as: "guest", ...inOther });
const managerOfOther = async () => server.synced({ cookie: await server.signIn("manager", OTHER), as: "staff", ...inOther });

test("a cookie opens its own venue alone", async () => {
  const cookies = { guest: await server.join(server.table(), "Ana"), staff: await server.signIn("manager") };
  for (const [as, cookie] of Object.entries(cookies)) {
    assert.equal(await server.refusal({ cookie, as, ...inOther }), "signed_out");
  }
  const page = await (await fetch(`${server.url}/v/${OTHER}/floor`, { headers: { cookie: cookies.staff } })).text();
  assert.match(page, /Please sign in/, "the page asks who one is");
  const answer = await server.post("/api/sign-out", { venue: OTHER }, { cookie: cookies.staff });
  assert.ok(answer.ok, "signing out where one is not signed in changes nothing");
  (await server.connect({ cookie: cookies.staff, as: "staff" })).leave();
});

test("one browser can be somebody in both", async () => {
  const table = server.table();
  const [here, there] = [await server.join(table, "Ana"), await server.join(table, "Ana", {}, OTHER)];
  const both = { cookie: `${here}; ${there}`, as: "guest" };
  const [ana, elsewhere] = [await server.synced(both), await server.synced({ ...both, ...inOther })];
  assert.notEqual(ana.seating, elsewhere.seating);
  const renamed = here.replace(`_${VENUE}=`, `_${OTHER}=`);
  assert.equal(await server.refusal({ cookie: renamed, as: "guest", ...inOther }), "signed_out", "a cookie's name proves nothing");
});

test("a password opens its own venue alone", async () => {
  const { password } = server.links.venues[OTHER];
  assert.notEqual(password, server.venue.password);
  const tries = [
    [VENUE, password],
    [OTHER, server.venue.password],
  ];
  for (const [venue, password] of tries) {
    const answer = await server.post("/api/sign-in", { venue, staff: "manager", password, to: "floor" });
    assert.ok(!answer.headers.getSetCookie().some((cookie) => /^comanda_staff_[^=]*=[^;]*staff\./.test(cookie)), venue);
  }
});

test("a table's code leads to its own venue alone", async () => {
  const token = server.links.venues[OTHER].tables.t7.split("/").pop();
  const answer = await server.post("/api/join", { venue: VENUE, token, name: "Ana" });
  assert.equal(answer.headers.getSetCookie().length, 0);
  const page = await (await fetch(`${server.url}/t/${VENUE}/${token}`)).text();
  assert.doesNotMatch(page, /Caldo verde/i, "a stale link shows no menu");
});

test("staff can ask nothing of the other venue, and are brought nothing of it", async () => {
  const guest = await guestOfOther("t7", "Somebody Else");
  accepted(await guest.add("caldo-verde", { note: "a secret wish" }));
  const manager = await server.staff("manager");
  const from = guest.version();
  const commands = [
    [guest.seating, { type: "add_line", dish: "caldo-verde", quantity: 1, guest: 1 }],
    [guest.seating, { type: "send_round", round: 1 }],
    [guest.seating, { type: "bump", round: 1, station: "grill" }],
    [`floor/${OTHER}`, { type: "open_table", table: "t1" }],
    [`floor/${OTHER}`, { type: "close_table", table: "t7", seating: guest.welcome.seating, even_if_unserved: true }],
    [`menu/${OTHER}`, { type: "set_dish_sold_out", dish: "caldo-verde", sold_out: true }],
    [`access/${OTHER}`, { type: "sign_out", id: "manager" }],
  ];
  for (const [stream, command] of commands) refused(await manager.command(stream, command), "not_allowed");
  // A table of one's own floor, and the other venue's party.
  const floor = { type: "close_table", table: "t7", seating: guest.welcome.seating, even_if_unserved: true };
  assert.ok((await manager.command(`floor/${VENUE}`, floor)).refused);
  assert.equal((await guest.snapshot()).progress.version, from, "nothing of it has happened");

  for (const version of [0, 1, 1_000]) {
    const have = { [guest.seating]: version, [`floor/${OTHER}`]: version, [`menu/${OTHER}`]: version };
    const told = JSON.stringify(await manager.ask("sync", { streams: have }));
    for (const secret of [guest.welcome.seating, OTHER, "Somebody Else", "a secret wish"]) assert.ok(!told.includes(secret), secret);
  }
});

test("a guest can ask nothing of the other venue", async () => {
  const guest = await guestOfOther("t8", "Somebody Else");
  const ana = await server.guest(server.table(), { name: "Ana" });
  refused(await ana.command(guest.seating, { type: "add_line", dish: "caldo-verde", quantity: 1 }), "not_allowed");
  const told = JSON.stringify(await ana.ask("sync", { streams: { [guest.seating]: 0, [`menu/${OTHER}`]: 0 } }));
  assert.ok(!told.includes(OTHER) && !told.includes("Somebody Else"));
});

test("what happens in one venue is not told in the other", async () => {
  const [here, there] = [await server.staff("manager"), await managerOfOther()];
  const table = server.table();
  const ana = await server.guest(table, { name: "Ana" });
  const other = await guestOfOther(table, "Rui");
  assert.notEqual(ana.seating, other.seating, "the same table's name, another table");
  for (let i = 0; i < 5; i += 1) {
    accepted(await ana.add("caldo-verde"));
    accepted(await other.add("arroz-doce"));
  }
  accepted(await here.command(`menu/${VENUE}`, { type: "set_dish_sold_out", dish: "arroz-doce", sold_out: true }));
  accepted(await other.add("arroz-doce"));
  refused(await ana.add("arroz-doce"), "sold_out");
  await here.reaches(accepted(await ana.add("caldo-verde")), ana.seating);
  await there.reaches(accepted(await other.add("arroz-doce")), other.seating);
  const heard = (screen) => [...screen.held.keys()];
  assert.ok(!heard(here).includes(other.seating) && heard(here).every((stream) => !stream.endsWith(OTHER)));
  assert.ok(!heard(there).includes(ana.seating) && heard(there).every((stream) => !stream.endsWith(VENUE)));
  assert.equal(there.events(`menu/${OTHER}`).length, 0);
});

test("ids of another venue's mutations are nobody's business here", async () => {
  const ana = await server.guest(server.table());
  const other = await guestOfOther("t9", "Rui");
  const mutation = newId();
  const first = accepted(await ana.add("caldo-verde", {}, mutation));
  const second = accepted(await other.add("caldo-verde", {}, mutation));
  assert.ok(first > 0 && second > 0);
  assert.equal((await other.snapshot()).cart.length, 1);
});
