// Frames that no Socket.IO client sends, or not so many of them. Each ends its own connection at most.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { accepted, refused } from "./answers.mjs";
import { serve, until } from "./harness.mjs";
import { Raw } from "./raw.mjs";
import { newId } from "./screen.mjs";

const server = await serve();
const ana = await server.guest(server.table(), { name: "Ana" });

/** So many guests, as they come: a party of 15 at a table at once. */
async function guests(count) {
  const tables = Array.from({ length: Math.ceil(count / 15) }, () => server.table());
  return Promise.all(Array.from({ length: count }, (_, i) => server.join(tables[i % tables.length])));
}

test("a flood is slowed down, and nothing of it is lost when it is tried again", async () => {
  const guest = await server.guest(server.table());
  const line = newId();
  accepted(await guest.add("arroz-doce", {}, line));
  let waiting = Array.from({ length: 90 }, newId);
  let slowed = 0;
  await until(async () => {
    const one = (mutation) => guest.do("change_quantity", { line, by: 1 }, mutation);
    const answers = await Promise.all(waiting.map(one));
    const again = waiting.filter((_, i) => answers[i].refused);
    answers.filter((answer) => answer.refused).forEach((answer) => refused(answer, "too_fast"));
    slowed += again.length;
    waiting = again;
    // As the protocol says: again, a moment later.
    await pause(100);
    return waiting.length === 0;
  }, "all of the flood is taken");
  // How many depends on how long it was under way: what may be sent comes back with time.
  assert.ok(slowed > 0, "some were too fast");
  const cart = await until(async () => (await guest.snapshot())?.cart, "the flood has calmed down");
  assert.deepEqual(cart.map(({ quantity }) => quantity), [91]);
  await server.stillServes();
});

test("a flood of noise holds up nobody else", async () => {
  const raw = await Raw.guest(server, await server.join(server.table()));
  for (let i = 0; i < 5_000; i += 1) raw.send(i % 2 ? '42["noise",{"a":[1,2,3]}]' : `42${i}["command",{}]`);
  accepted(await ana.add("arroz-doce"));
  raw.leave();
  await server.stillServes();
});

test("frames that are no Engine.IO or Socket.IO end their own connection at most", async () => {
  // Several guests: one may connect so often, and no more.
  const cookies = await guests(3);
  const frames = [
    "", "4", "9", "x", "2probe", "5", "6", "1", "40", "41", "42", "43", "44", "45", "46", "47", "4é", "42é",
    "42[", "42[]", "42{}", "42null", "42[7]", '42["command"', '42["command",]', '42["command",{"a":}]', '42"command"',
    '42["command","\\ud800"]', "42[\"\u0000\"]", '4299999999999999999999["command",{}]', '42-1["command",{}]', '421["command"]{}',
    '431["x"]', '43999["x"]', '44"x"', '45["command"]', '451-["command",{"_placeholder":true,"num":0}]',
    '4599999999-["command"]', '45-1-["command"]', '461-1["x"]', '40{"protocol":1', '40/other,{"protocol":1}', '42/other,["command",{}]',
    '40{"protocol":1,"venue":"tasca","as":"guest"}', '42["disconnect"]', '42["connect"]', '42["welcome",{}]',
    `42["${"x".repeat(10_000)}"]`, `42/${"y".repeat(10_000)},["command"]`, "4".repeat(1_000), "3".repeat(1_000),
  ];
  const outcomes = { answers: 0, closes: 0 };
  for (const [i, frame] of frames.entries()) {
    const raw = await Raw.guest(server, cookies[i % cookies.length]);
    raw.send(frame);
    outcomes[await raw.settles(frame)] += 1;
    raw.leave();
  }
  assert.ok(outcomes.answers > 0 && outcomes.closes > 0, JSON.stringify(outcomes));
  await server.stillServes();
});

test("frames before a word of greeting end their own connection at most", async () => {
  for (const frame of ['42["command",{}]', "41", '421["sync",{"streams":{}}]', '431["x"]', "", "4", '40/other,', '40[1,2]', '40"x"', "40{"]) {
    const raw = await Raw.open(server);
    raw.send(frame);
    raw.send('40{"protocol":1,"venue":"tasca","as":"guest"}');
    await until(() => raw.closed !== null || raw.frames.some((came) => came.startsWith("44")), `“${frame}” is refused`);
    raw.leave();
  }
  await server.stillServes();
});

test("a frame that is too large ends its connection", async () => {
  const cookie = await server.join(server.table());
  const fits = await Raw.guest(server, cookie);
  fits.send(`427["command",{"x":"${"y".repeat(60_000)}"}]`);
  assert.match(await fits.gets("437["), /malformed/);
  for (const bytes of [66_000, 1_000_000, 20_000_000]) {
    const raw = await Raw.guest(server, cookie);
    raw.send(`427["command",{"x":"${"y".repeat(bytes)}"}]`);
    await raw.isClosed();
    assert.ok(!raw.frames.some((frame) => frame.startsWith("437[")));
  }
  const chatty = await server.connect({ cookie, as: "guest" });
  chatty.socket.emit("command", { mutation: newId(), stream: chatty.seating, command: { type: "rename", name: "x".repeat(100_000) } });
  await chatty.isEnded();
  assert.equal(await fits.settles(), "answers");
  fits.leave();
  await server.stillServes();
});

test("a long-polling body that is too large is refused", async () => {
  const headers = { cookie: await server.join(server.table()) };
  const at = `${server.url}/socket.io/?EIO=4&transport=polling`;
  const { sid } = JSON.parse((await (await fetch(at, { headers })).text()).slice(1));
  const answer = await fetch(`${at}&sid=${sid}`, { method: "POST", headers, body: `42["command","${"x".repeat(70_000)}"]` });
  assert.equal(answer.status, 413);
  assert.equal((await fetch(`${at}&sid=${sid}`, { headers })).status, 400, "and its session is over");
  for (const query of ["", "EIO=3&transport=polling", "EIO=4&transport=carrier-pigeon", "EIO=4&transport=polling&sid=x", "EIO=4"]) {
    assert.equal((await fetch(`${server.url}/socket.io/?${query}`)).status, 400, query);
  }
});

test("binary frames and attachments are no commands", async () => {
  const cookie = await server.join(server.table());
  const sends = [
    (raw) => raw.send(Buffer.from([1, 2, 3])),
    (raw) => raw.send(Buffer.alloc(0)),
    (raw) => [raw.send('451-7["command",{"_placeholder":true,"num":0}]'), raw.send(Buffer.from("{}"))],
    (raw) => [raw.send('451-7["command",{"_placeholder":true,"num":9}]'), raw.send(Buffer.from("{}"))],
    (raw) => [raw.send('452-7["command",{"_placeholder":true,"num":0}]'), raw.send(Buffer.from("{}"))],
    (raw) => raw.send('459999-7["command",{"_placeholder":true,"num":0}]'),
    (raw) => raw.send(`451-7["sync",{"streams":{}}]`),
  ];
  for (const send of sends) {
    const raw = await Raw.guest(server, cookie);
    send(raw);
    await raw.settles();
    assert.ok(!raw.frames.some((frame) => String(frame).includes("accepted")));
    raw.leave();
  }
  for (const body of [Buffer.from("a file"), { note: Buffer.from("a file") }]) {
    const guest = await server.synced({ cookie, as: "guest" });
    await assert.rejects(guest.ask("command", body), "nothing of the protocol is binary");
    await guest.isEnded();
  }
  accepted(await ana.add("caldo-verde"));
  await server.stillServes();
});

test("a second greeting on a connection changes nothing", async () => {
  const raw = await Raw.guest(server, await server.join(server.table()));
  raw.send('40{"protocol":1,"venue":"tasca","as":"staff"}');
  raw.send('40{"protocol":1,"venue":"tasca","as":"guest"}');
  assert.equal(await raw.settles(), "answers");
  assert.equal(raw.frames.filter((frame) => frame.includes("welcome")).length, 1);
  raw.leave();
});

test("a screen that is too slow is cut off, rather than left with a hole", async () => {
  const table = server.table();
  const headers = { cookie: await server.join(table) };
  const at = `${server.url}/socket.io/?EIO=4&transport=polling`;
  const { sid } = JSON.parse((await (await fetch(at, { headers })).text()).slice(1));
  const send = async (...packets) => {
    const answer = await fetch(`${at}&sid=${sid}`, { method: "POST", headers, body: packets.join("\x1e") });
    assert.equal(answer.status, 200);
  };
  const came = [];
  const poll = async () => came.push(...(await (await fetch(`${at}&sid=${sid}`, { headers })).text()).split("\x1e"));
  const has = (part) => came.some((packet) => packet.includes(part));
  await send('40{"protocol":1,"venue":"tasca","as":"guest"}');
  while (!has('["welcome"')) await poll();
  await send('427["sync",{"streams":{}}]');
  while (!has("437[")) await poll();
  // It does not fetch what it is sent, and has itself sent more than the server keeps for it: 256 frames. Whatever does
  // not fit into its queue of 64 is refused while it is read, so that most answers are there before ours is.
  await send(...Array.from({ length: 400 }, (_, i) => `42${i}["sync",{"streams":{}}]`));
  const quick = await server.guest(table);
  for (let i = 0; i < 3; i += 1) await quick.reaches(accepted(await quick.add("arroz-doce")));
  await until(async () => {
    await poll();
    return came.includes("41");
  }, "it is told that its connection ends");
  assert.ok(!has("line_added"), "nothing came of what it could no longer be told");
  // It connects again, and is told everything.
  const back = await server.synced({ cookie: headers.cookie });
  assert.equal(back.version(), quick.version());
  await server.stillServes();
});

test("connections that come and go leave nothing behind", { skip: process.platform !== "linux" && "reads /proc" }, async () => {
  const cookies = await guests(45);
  const comeAndGo = async (times) => {
    for (let i = 0; i < times; i += cookies.length) {
      const raws = await Promise.all(cookies.map((cookie) => Raw.guest(server, cookie)));
      raws.forEach((raw) => raw.leave());
      await Promise.all(raws.map((raw) => raw.isClosed()));
    }
    // Of its own: what it reads of its program is none of theirs.
    const status = await readFile(`/proc/${server.process.pid}/status`, "utf8");
    return Number(status.match(/^RssAnon:\s+(\d+) kB/m)[1]) / 1_024;
  };
  const before = await comeAndGo(400);
  const after = await comeAndGo(1_200);
  // A connection that is kept takes some 25 kB: these would take 30 MiB.
  assert.ok(after - before < 15, `1200 connections that ended take ${(after - before).toFixed(1)} MiB`);
});

test("one guest with many connections is told everything on each, and has eight at most", async () => {
  const table = server.table();
  const cookie = await server.join(table);
  const screens = [];
  for (let i = 0; i < 8; i += 1) screens.push(await server.synced({ cookie }));
  assert.deepEqual(new Set(screens.map(({ welcome }) => welcome.actor.guest)), new Set([1]));
  const version = accepted(await screens[0].add("arroz-doce"));
  await Promise.all(screens.map((screen) => screen.reaches(version)));
  // One more takes the place of the oldest: a phone that has lost its connections is not kept out by them.
  const ninth = await server.synced({ cookie });
  await screens[0].isEnded();
  const later = accepted(await ninth.add("arroz-doce"));
  await Promise.all(screens.slice(1).map((screen) => screen.reaches(later)));
  [...screens, ninth].forEach((screen) => screen.leave());
  await server.stillServes();
});
