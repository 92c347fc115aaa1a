// What somebody can take of the machine, signed in or not: measured on the process, from outside.

import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { accepted } from "./answers.mjs";
import { VENUE, serve, until } from "./harness.mjs";
import { Raw } from "./raw.mjs";
import { newId } from "./screen.mjs";

const MB = 1_000_000;
const onLinux = { skip: process.platform !== "linux" && "reads /proc" };

const server = await serve();

const signIn = (staff, password, headers = {}) => server.post("/api/sign-in", { venue: VENUE, staff, password, to: "floor" }, headers);
const count = (list, one) => list.filter((other) => other === one).length;

/** How many may be let through by now: so many at once, and so many each second since, on a machine however slow. */
function bound(burst, perSecond) {
  const since = Date.now();
  return () => burst + 1 + (perSecond * (Date.now() - since)) / 1_000;
}

/** A connection on which nothing but this is said. */
function silent(said, address = "127.0.0.1") {
  const { hostname, port } = new URL(server.url);
  const socket = connect({ host: hostname, port: Number(port), localAddress: address });
  const state = { ended: false, got: "" };
  socket.on("connect", () => socket.write(said));
  socket.on("data", (data) => (state.got += data));
  socket.on("error", () => (state.ended = true));
  socket.on("close", () => (state.ended = true));
  socket.on("end", () => socket.end());
  return Object.assign(state, { leave: () => socket.destroy(), socket });
}

test("who works here signs in while strangers try hundreds of names, and none of it costs memory", onLinux, async () => {
  // Each of their devices is known from before.
  const device = (await signIn("manager", server.venue.password)).headers.getSetCookie().map((set) => set.split(";")[0]).join("; ");
  const before = await server.memory();
  const byAddress = bound(20, 20 / 60);
  const tries = await Promise.all(Array.from({ length: 300 }, (_, i) => signIn(`nobody-${i}`, "a wrong password")));
  const statuses = tries.map(({ status }) => status);
  assert.equal(count(statuses, 401) + count(statuses, 429), 300, `${statuses}`);
  assert.ok(count(statuses, 401) <= byAddress(), "an address is judged so often and no oftener");
  const { most } = await server.memory();
  assert.ok(most - before.most < 60 * MB, `${(most - before.most) / MB} MB more than before`);
  assert.equal((await signIn("manager", server.venue.password, { cookie: device })).status, 200, "the house's own device is not locked out");
  const byDevice = bound(8, 8 / 60);
  const guesses = await Promise.all(Array.from({ length: 300 }, () => signIn("manager", "a wrong password", { cookie: device })));
  assert.ok(count(guesses.map(({ status }) => status), 401) <= byDevice(), "side by side, no more are judged than one after the other");
  assert.equal(count(guesses.map(({ status }) => status), 200), 0);
  const figures = await (await fetch(`${server.url}/metrics`)).text();
  assert.match(figures, /comanda_sign_ins_total\{outcome="too_many"\} \d{2,}/);
  assert.match(server.log, /password/i, "and they are told to the operator");
  assert.ok(!server.log.includes("nobody-7"), "what was typed as a name is told to nobody: it may be a password");
});

test("connections that say half of something, or nothing, end", async () => {
  const head = `POST /api/join HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n`;
  const said = ["", "G", "GET / HTTP/1.1\r\nHost: x\r\nX-Long: ", `${head}Content-Length: 100\r\n\r\nvenue=`, `${head}Transfer-Encoding: chunked\r\n\r\n5\r\nven`];
  const all = said.flatMap((text) => Array.from({ length: 20 }, () => silent(text)));
  // One that says a little all the time gets no more time than one that says nothing.
  const dripping = silent(`${head}X-Drip: `);
  const drip = setInterval(() => dripping.socket.writable && dripping.socket.write("x"), 500);
  try {
    await until(() => all.every(({ ended }) => ended) && dripping.ended, "each has ended", 30_000);
  } finally {
    clearInterval(drip);
    all.forEach((one) => one.leave());
  }
  await server.stillServes();
});

test("a guest's long-polling sessions that read nothing hold little", onLinux, async () => {
  const cookie = await server.join(server.table());
  const before = await server.memory();
  const url = `${server.url}/socket.io/?EIO=4&transport=polling`;
  const [statuses, sessions] = [[], []];
  for (let i = 0; i < 100; i += 1) {
    const opened = await fetch(url, { headers: { cookie } });
    statuses.push(opened.status);
    if (opened.status !== 200) continue;
    const { sid } = JSON.parse((await opened.text()).slice(1));
    const say = (body) => fetch(`${url}&sid=${sid}`, { method: "POST", body, headers: { cookie, "content-type": "text/plain" } });
    await say(`40{"protocol":1,"venue":"${VENUE}","as":"guest"}`);
    sessions.push(say);
  }
  // Some of each second, for as long as a patient attacker has.
  for (let second = 0; second < 12; second += 1) {
    const packets = Array.from({ length: 6 }, (_, n) => `42${n}["sync",{"streams":{}}]`).join("\x1e");
    await Promise.all(sessions.map((say) => say(packets).catch(() => null)));
    await pause(400);
  }
  await pause(1_000);
  const { most } = await server.memory();
  assert.ok(most - before.most < 60 * MB, `${(most - before.most) / MB} MB more than before; ${statuses}`);
  await server.stillServes();
});

test("a socket that asks again before it was answered is told that it is too fast", async () => {
  const cookie = await server.join(server.table());
  const raw = await Raw.guest(server, cookie);
  for (let i = 0; i < 20; i += 1) raw.send(`42${i}["sync",{"streams":{}}]`);
  await until(() => raw.frames.filter((frame) => /^43\d+\[/.test(frame)).length === 20, "each is answered");
  const answers = raw.frames.filter((frame) => /^43\d+\[/.test(frame));
  assert.ok(answers.some((answer) => answer.includes("too_fast")), "one is unanswered at a time");
  assert.ok(answers.some((answer) => answer.includes("snapshot")));
  raw.leave();
});

test("attachments are announced in vain: they hold no memory and take no time", onLinux, async () => {
  const cookie = await server.join(server.table());
  const before = await server.memory();
  const opened = [];
  for (const of of [null, cookie]) {
    for (let i = 0; i < 8; i += 1) {
      const raw = of ? await Raw.guest(server, of) : await Raw.open(server);
      opened.push(raw);
      raw.send('4510000-["x"]');
      for (let n = 0; n < 150; n += 1) raw.socket.send(Buffer.alloc(60_000));
    }
  }
  for (const raw of opened) await raw.isClosed();
  const { most } = await server.memory();
  assert.ok(most - before.most < 60 * MB, `${(most - before.most) / MB} MB more than before`);
  const polling = `${server.url}/socket.io/?EIO=4&transport=polling`;
  const { sid } = JSON.parse((await (await fetch(polling, { headers: { cookie } })).text()).slice(1));
  const say = (body) => fetch(`${polling}&sid=${sid}`, { method: "POST", body, headers: { cookie, "content-type": "text/plain" } });
  await say(`4510000-["x"]\x1eb${Buffer.alloc(30_000).toString("base64")}`);
  assert.notEqual((await say("3")).status, 200, "nor by long-polling");
  await server.stillServes();
});

test("messages of any name are counted, and who goes on and on is let go", async () => {
  const raw = await Raw.guest(server, await server.join(server.table()));
  const may = bound(60, 10);
  // Told first, while there is somebody to tell: what is still to be sent when a connection ends is not.
  for (let i = 0; i < 80; i += 1) raw.send(`42${i}["x"]`);
  await raw.gets("too_fast");
  for (let i = 80; i < 4_000 && raw.closed === null; i += 1) raw.send(`42${i}["x"]`);
  await raw.isClosed();
  const answers = raw.frames.filter((frame) => /^43\d+\[/.test(frame));
  assert.ok(answers.filter((answer) => answer.includes("malformed")).length <= may(), "60 at once, and 10 a second");
});

test("a cookie that is worth nothing any more uses up nothing of whoever is there now", async () => {
  const table = server.table();
  const [ana, eva] = [await server.guest(table), await server.join(table)];
  accepted(await ana.do("remove_guest", { guest: 2 }));
  const asked = await server.post("/api/join", { venue: VENUE, token: server.token(table), name: "Eva", back: "1", mutation: newId() });
  const ask = asked.headers.getSetCookie()[0].split(";")[0];
  accepted(await ana.do("let_in", { ask: 1, guest: 2 }));
  const back = (await server.post("/api/join-state", { venue: VENUE }, { cookie: ask })).headers.getSetCookie()[0].split(";")[0];
  const reasons = await Promise.all(Array.from({ length: 60 }, () => server.refusal({ cookie: eva, as: "guest" })));
  assert.ok(reasons.every((reason) => ["not_seated", "too_fast"].includes(reason)), `${reasons}`);
  const rightful = await server.connect({ cookie: back, as: "guest" });
  assert.deepEqual(rightful.welcome.actor, { guest: 2 });
});

test("requests of other methods are refused, with the headers of every answer", async () => {
  const ask = async (line) => {
    const one = silent(`${line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    await until(() => one.ended, `“${line}” is answered`);
    return one.got;
  };
  for (const line of ["CONNECT a:1", "DELETE /", "PUT /t/tasca/x", "PATCH /v/tasca/floor", "TRACE /", "OPTIONS *", "POST /nowhere"]) {
    const answer = await ask(line);
    assert.match(answer, /^HTTP\/1\.1 4\d\d /, `${line}: ${answer.slice(0, 80)}`);
    assert.match(answer, /x-content-type-options: nosniff/i, line);
  }
});

test("a guest who syncs all day is sent what they can have lost, and no more", async () => {
  const guest = await server.guest(server.table());
  let bytes = 0;
  let slowed = 0;
  const from = Date.now();
  while (Date.now() - from < 15_000) {
    const answer = await guest.ask("sync", { streams: {} });
    if (answer.refused === "too_fast") slowed += 1;
    else bytes += JSON.stringify(answer).length;
    await pause(20);
  }
  const seconds = (Date.now() - from) / 1_000;
  assert.ok(slowed > 0 && bytes > 2 * MB, `${bytes} bytes, ${slowed} times too fast`);
  assert.ok(bytes < 4.3 * MB + seconds * 0.128 * MB, `${bytes} bytes in ${seconds} s`);
});

test("one address fills no table: a party that comes at once joins, and then one every other second", async () => {
  const table = server.table();
  const may = bound(16, 1 / 3);
  const answers = await Promise.all(
    Array.from({ length: 60 }, () => server.post("/api/join", { venue: VENUE, token: server.token(table), name: "", mutation: newId() })),
  );
  const statuses = answers.map(({ status }) => status);
  assert.ok(count(statuses, 200) >= 16 && count(statuses, 200) <= may(), `${statuses}`);
  assert.equal(count(statuses, 200) + count(statuses, 429), 60);
  const elsewhere = await server.post("/api/join", { venue: VENUE, token: server.token(server.table()), name: "", mutation: newId() });
  assert.equal(elsewhere.status, 200, "other tables are not in its way");
});

test("refusals of what is sent again are kept for a while, and not without end", async () => {
  const guest = await server.guest(server.table());
  const from = guest.version();
  const may = bound(60, 0.2);
  const reasons = [];
  for (let i = 0; i < 80; i += 1) {
    const answer = await guest.commandAgain(guest.seating, { type: "send_round", round: 1 }, newId());
    reasons.push(answer.refused.reason);
    if (i % 40 === 39) await pause(3_000);
  }
  const kept = count(reasons, "nothing_to_send");
  assert.ok(kept >= 60 && kept <= may(), `${kept} of 80 are kept`);
  assert.ok((await guest.snapshot()).progress.version - from <= may());
});

test("those who hold connections open for nothing keep nobody out", async () => {
  const small = await serve({ more: ["--max-connections", "48", "--max-connections-per-address", "32"] });
  const { hostname, port } = new URL(small.url);
  const hold = (address) => {
    const socket = connect({ host: hostname, port: Number(port), localAddress: address });
    socket.on("error", () => null);
    return socket;
  };
  // From many addresses, more than there may be; each would have its time limit.
  const held = Array.from({ length: 200 }, (_, i) => hold(`127.0.0.${2 + (i % 20)}`));
  await pause(300);
  const waiter = await small.staff("waiter");
  accepted(await waiter.command(`floor/${VENUE}`, { type: "open_table", table: small.table() }));
  assert.equal((await fetch(small.link(small.table()))).status, 200);
  // Of those that are in use, one address has so many.
  const live = await Promise.all(Array.from({ length: 40 }, () => Raw.open(small).catch(() => null)));
  await pause(300);
  const open = live.filter((one) => one?.frames.length && one.closed === null).length;
  assert.ok(open <= 32, `one address is let in so often: ${open}`);
  await assert.rejects(fetch(small.link(small.table())), "and no more often, for pages either");
  held.forEach((socket) => socket.destroy());
  live.forEach((one) => one?.leave());
  const page = () => fetch(`${small.url}/metrics`).then((answer) => answer.text(), () => "");
  const figures = await until(async () => (await page()).match(/comanda_connections_turned_away_total\S* (\d+)/g), "there is room again");
  assert.ok(figures.some((figure) => Number(figure.split(" ").pop()) > 0), `${figures}`);
});
