// Who comes to a party: by the house's rule, by consent, with the number, back again, and not after having been removed.

import assert from "node:assert/strict";
import { test } from "node:test";

import { accepted, refused } from "./answers.mjs";
import { VENUE, cookieOf, serve } from "./harness.mjs";
import { newId } from "./screen.mjs";

const FLOOR = `floor/${VENUE}`;
const RULES = { watch_after_min: 5, late_after_min: 8 };

const server = await serve({ joining: "approve" });
const waiter = await server.staff("waiter");
const manager = await server.staff("manager");

/** The house's rules from now on; parties that have sat down keep theirs. */
async function rules(changed) {
  const answer = await manager.command(FLOOR, { type: "set_house_rules", rules: { ...RULES, ...changed } });
  if (answer.refused?.reason !== "unchanged") accepted(answer);
}

/** Scans a table's code; gives what the form was answered, with the cookies of before and the new one. */
async function scan(table, { name = "", cookie = "", ...more } = {}) {
  const answer = await server.post("/api/join", { venue: VENUE, token: server.token(table), name, mutation: newId(), ...more }, cookie ? { cookie } : {});
  const [set] = answer.headers.getSetCookie();
  return { status: answer.status, said: await answer.json(), cookie: set ? cookieOf(answer) : null };
}

/** What became of asking. */
async function lookIn(cookie) {
  const answer = await server.post("/api/join-state", { venue: VENUE }, { cookie });
  const set = answer.headers.getSetCookie().find((one) => one.startsWith("comanda_guest_") && !one.startsWith("comanda_guest_tasca=;"));
  return { status: answer.status, said: await answer.json(), cookie: set?.split(";")[0] ?? null };
}

async function asked(screen, many = 1) {
  const ask = await screen.sees("join_asked", screen.seating, ({ ask }) => ask >= many);
  return ask.e.ask;
}

/** Scans, and takes one's place where nobody has to be asked. */
async function seated(table, more = {}) {
  const scanned = await scan(table, more);
  assert.deepEqual([scanned.status, scanned.said], [200, "Seated"]);
  return { cookie: scanned.cookie, screen: await server.synced({ cookie: scanned.cookie, as: "guest" }) };
}

const numberOn = async (cookie, table) => {
  const page = await (await fetch(server.link(table), { headers: { cookie } })).text();
  return page.match(/join-number-told[^>]*>[^<]*?(\d{4})/)?.[1];
};

test("with approve, a code alone opens a free table and no party's", async () => {
  const table = server.table();
  const ana = await seated(table, { name: "Ana" });
  const rui = await scan(table, { name: "Rui" });
  assert.deepEqual([rui.status, rui.said], [202, "Asks"]);
  assert.match(rui.cookie, /^comanda_ask_tasca=/);
  // Who asks sees nothing and does nothing.
  for (const as of ["guest", "staff"]) assert.equal(await server.refusal({ cookie: rui.cookie, as }), "signed_out");
  const forged = rui.cookie.replace("comanda_ask_", "comanda_guest_");
  assert.equal(await server.refusal({ cookie: forged, as: "guest" }), "signed_out", "an ask's cookie is no guest's");
  const page = await (await fetch(server.link(table), { headers: { cookie: rui.cookie } })).text();
  assert.ok(!page.includes("Ana"), "nor does the page say who sits there");
  assert.deepEqual((await lookIn(rui.cookie)).said, "Asks");

  const ask = await asked(ana.screen);
  accepted(await ana.screen.do("let_in", { ask }));
  const let_in = await lookIn(rui.cookie);
  assert.equal(let_in.said, "Seated");
  const seat = await server.synced({ cookie: let_in.cookie, as: "guest" });
  assert.deepEqual(seat.welcome.actor, { guest: 2 });
  assert.equal((await seat.snapshot()).guests[1].name, "Rui");
  refused(await ana.screen.do("let_in", { ask }), "no_such_ask");
});

test("a waiter lets in as a guest does; who is turned away is nobody, and may ask again", async () => {
  const table = server.table();
  const ana = await seated(table, { name: "Ana" });
  const eva = await scan(table, { name: "Eva" });
  await asked(ana.screen);
  accepted(await ana.screen.do("turn_away", { ask: 1 }));
  assert.equal((await lookIn(eva.cookie)).said, "TurnedAway");
  const again = await scan(table, { name: "Eva", cookie: eva.cookie });
  assert.equal(again.status, 202);
  const ask = await asked(ana.screen, 2);
  accepted(await waiter.command(ana.screen.seating, { type: "let_in", ask }));
  assert.equal((await lookIn(again.cookie)).said, "Seated");
  assert.equal((await lookIn(eva.cookie)).said, "TurnedAway", "the first ask stays answered");
});

test("who is removed is nobody at once, and comes back by consent alone", async () => {
  const table = server.table();
  const ana = await seated(table, { name: "Ana" });
  const number = await numberOn(ana.cookie, table);
  const eva = await seated(table, { name: "Eva", number });
  accepted(await eva.screen.add("caldo-verde", { quantity: 3 }));
  refused(await eva.screen.do("remove_guest", { guest: 1 }), "not_allowed");
  accepted(await ana.screen.do("remove_guest", { guest: 2 }));
  await eva.screen.isEnded();
  assert.equal(eva.screen.goodbyes, 1);
  assert.equal(await server.refusal({ cookie: eva.cookie, as: "guest" }), "not_seated");
  assert.deepEqual((await ana.screen.snapshot()).cart, [], "what she had in the cart has gone with her");
  // The old cookie, the number, a name of another, a fresh phone: each has to be let in.
  for (const more of [{ cookie: eva.cookie }, { number }, { name: "Rui" }, { back: "1" }]) {
    const back = await scan(table, more);
    assert.ok([202, 403].includes(back.status), `${JSON.stringify(more)}: ${back.status}`);
    if (back.cookie) assert.match(back.cookie, /^comanda_ask_/);
  }
  const back = await scan(table, { name: "Eva", back: "1" });
  const asks = (await ana.screen.snapshot()).entry.asks;
  accepted(await ana.screen.do("let_in", { ask: asks.at(-1).ask, guest: 2 }));
  const again = await server.synced({ cookie: (await lookIn(back.cookie)).cookie, as: "guest" });
  assert.deepEqual(again.welcome.actor, { guest: 2 });
  assert.equal(await server.refusal({ cookie: eva.cookie, as: "guest" }), "not_seated", "the cookie of before the removal stays dead");
});

test("one's place is taken again from a second phone with the consent of somebody who is here", async () => {
  await rules({ joining: "open" });
  const table = server.table();
  const ana = await seated(table, { name: "Ana" });
  const rui = await seated(table, { name: "Rui" });
  const back = await scan(table, { name: "Ana", back: "1" });
  assert.equal(back.status, 202, "whoever says that they are somebody is asked for, even where the house is open");
  const ask = await asked(rui.screen);
  assert.equal((await rui.screen.snapshot()).entry.asks[0].back, true);
  accepted(await rui.screen.do("let_in", { ask, guest: 1 }));
  const second = await server.synced({ cookie: (await lookIn(back.cookie)).cookie, as: "guest" });
  assert.deepEqual(second.welcome.actor, { guest: 1 });
  const line = newId();
  accepted(await second.add("caldo-verde", {}, line));
  assert.equal((await ana.screen.sees("line_added", ana.screen.seating, (e) => e.line === line)).e.guest, 1);
});

test("with staff, nobody sits down or comes to a party without a waiter", async () => {
  await rules({ joining: "staff" });
  const table = server.table();
  const alone = await scan(table, { name: "Ana" });
  assert.equal(alone.status, 409);
  assert.equal(alone.cookie, null);
  const seating = newId();
  accepted(await waiter.command(FLOOR, { type: "open_table", table }, seating));
  const ana = await scan(table, { name: "Ana" });
  assert.equal(ana.status, 202);
  await waiter.sees("join_asked", `seating/${seating}`);
  accepted(await waiter.command(`seating/${seating}`, { type: "let_in", ask: 1 }));
  const screen = await server.synced({ cookie: (await lookIn(ana.cookie)).cookie, as: "guest" });
  const rui = await scan(table, { name: "Rui" });
  assert.equal(rui.status, 202);
  refused(await screen.do("let_in", { ask: 2 }), "not_allowed");
  refused(await screen.do("turn_away", { ask: 2 }), "not_allowed");
  accepted(await waiter.command(`seating/${seating}`, { type: "let_in", ask: 2 }));
  assert.equal((await lookIn(rui.cookie)).said, "Seated");
});

test("with staff_opens, a code opens no free table, and is enough for a party's", async () => {
  await rules({ joining: "staff_opens" });
  const table = server.table();
  assert.equal((await scan(table)).status, 409);
  accepted(await waiter.command(FLOOR, { type: "open_table", table }));
  await seated(table, { name: "Ana" });
  await seated(table, { name: "Rui" });
});

test("whoever kept a link is nobody at the next party", async () => {
  for (const joining of ["approve", "staff"]) {
    await rules({ joining: "approve" });
    const table = server.table();
    const before = await seated(table, { name: "Before" });
    accepted(await waiter.command(FLOOR, { type: "close_table", table, seating: before.screen.welcome.seating, even_if_unserved: true }));
    await rules({ joining });
    if (joining === "approve") await seated(table, { name: "After" });
    else accepted(await waiter.command(FLOOR, { type: "open_table", table }));
    const kept = await scan(table, { cookie: before.cookie });
    assert.notEqual(kept.said, "Seated", joining);
    assert.equal(await server.refusal({ cookie: before.cookie, as: "guest" }), "not_seated");
  }
});

test("a first round waits for a waiter, where the house has it so", async () => {
  await rules({ joining: "open", approve_first_round: true });
  const table = server.table();
  const kitchen = await server.staff("kitchen");
  const { screen: ana } = await seated(table, { name: "Ana" });
  accepted(await ana.add("caldo-verde", { quantity: 99 }));
  accepted(await ana.do("send_round", { round: 1 }));
  const waits = await ana.snapshot();
  assert.deepEqual([waits.rounds.length, waits.waiting.number, waits.cart.length], [0, 1, 0]);
  refused(await ana.do("accept_round", { round: 1 }), "not_allowed");
  refused(await kitchen.command(ana.seating, { type: "accept_round", round: 1 }), "not_allowed");
  refused(await kitchen.command(ana.seating, { type: "start", round: 1, station: "grill" }), "no_such_round");
  accepted(await waiter.command(ana.seating, { type: "decline_round", round: 1, reason: "99?" }));
  const declined = await ana.snapshot();
  assert.equal(declined.declined.reason, "99?");
  assert.deepEqual(declined.cart.map(({ quantity }) => quantity), [99], "what was not accepted lies in the cart again");
  accepted(await ana.do("change_quantity", { line: declined.cart[0].line, by: -98 }));
  accepted(await ana.do("send_round", { round: 1 }));
  accepted(await waiter.command(ana.seating, { type: "accept_round", round: 1 }));
  assert.equal((await ana.snapshot()).rounds[0].items[0].state, "received");
  accepted(await ana.add("caldo-verde"));
  accepted(await ana.do("send_round", { round: 2 }));
  assert.equal((await ana.snapshot()).rounds.length, 2, "the second waits for nobody");
});

// Last, since what it uses up is counted by address.
test("who brings the party's number needs nobody, and guesses are counted", async () => {
  const table = server.table();
  await rules({ joining: "approve" });
  const ana = await seated(table, { name: "Ana" });
  const number = await numberOn(ana.cookie, table);
  assert.match(number, /^\d{4}$/, "it stands on the page of who sits there");
  const stranger = await (await fetch(server.link(table))).text();
  assert.doesNotMatch(stranger, /join-number-told/, "and on nobody else's");
  const rui = await seated(table, { name: "Rui", number });
  assert.deepEqual(rui.screen.welcome.actor, { guest: 2 });
  const wrong = String((Number(number) + 1) % 10_000).padStart(4, "0");
  const statuses = [];
  for (let i = 0; i < 16; i += 1) statuses.push((await scan(table, { number: wrong })).status);
  assert.equal(statuses[0], 403);
  // Eight at once from one address, and one more in fifteen seconds.
  assert.ok(statuses.filter((status) => status === 403).length <= 12, `not more are judged than may be: ${statuses}`);
  assert.equal(statuses.at(-1), 429);
  assert.equal((await ana.screen.snapshot()).entry.asks, undefined, "and a wrong number bothers nobody");
});
