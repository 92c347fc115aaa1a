// What whoever runs it does: files, the command line, backups, proxies, logs.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { chmod, copyFile, lstat, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { accepted } from "./answers.mjs";
import { ROOT, Server, VENUE, cookieOf, serve, until } from "./harness.mjs";
import { newId } from "./screen.mjs";

async function place() {
  const made = await mkdtemp(join(tmpdir(), "comanda-operator-"));
  after(() => rm(made, { recursive: true, force: true }));
  return made;
}

const signIn = (server, staff, password) => server.post("/api/sign-in", { venue: VENUE, staff, password, to: "floor" });

test("what is kept can be read by its owner alone, whatever the umask and whatever was there", async () => {
  const data = await place();
  await chmod(data, 0o755);
  // A file of links from before, for everybody to read.
  await writeFile(join(data, "links.json"), "{}", { mode: 0o666 });
  await chmod(join(data, "links.json"), 0o666);
  const server = await serve({ data });
  await server.guest(server.table());
  const modes = Object.fromEntries(
    await Promise.all((await readdir(data)).map(async (name) => [name, ((await lstat(join(data, name))).mode & 0o777).toString(8)])),
  );
  const names = Object.keys(modes).sort();
  for (const kept of ["comanda.db", "comanda.db-wal", "secret", "links.json", "demo-password"]) assert.ok(names.includes(kept), `${names}`);
  for (const [name, mode] of Object.entries(modes)) assert.match(mode, /^[0-7]00$/, `${name} is ${mode}`);
});

test("staff and tables are looked after on the command line while the server runs", async () => {
  const server = await serve({ data: await place() });
  const run = async (args, options) => {
    const ended = await server.command(args, options);
    assert.equal(ended.code, 0, `${args.join(" ")}: ${ended.err}`);
    return ended.out;
  };
  assert.match(await run(["staff", "list"]), /manager/);
  const added = await run(["staff", "add", "bia", "--name", "Bia", "--role", "kitchen"]);
  const [password] = added.match(/[^\s]{8,}\s*$/m) ?? [];
  const bia = await signIn(server, "bia", password.trim());
  assert.equal(bia.status, 200, `the password that is told opens: ${added}`);
  const screen = await server.synced({ cookie: cookieOf(bia), as: "staff" });
  assert.equal(screen.welcome.actor.staff.role, "kitchen");
  await run(["staff", "set", "bia", "--role", "allrounder", "--name", "Beatriz"]);
  assert.match(await run(["staff", "list"]), /Beatriz/);
  accepted(await screen.command(`floor/${VENUE}`, { type: "open_table", table: server.table() }));
  await run(["staff", "password", "bia", "--stdin"], { stdin: "a lost password\n" });
  await screen.isEnded();
  assert.equal(screen.goodbyes, 1, "who has another password is signed out, at once");
  assert.equal((await signIn(server, "bia", password.trim())).status, 401);
  assert.equal((await signIn(server, "bia", "a lost password")).status, 200);
  await run(["staff", "pin", "bia", "--stdin"], { stdin: "4815\n" });
  await run(["staff", "pin", "bia", "--none"]);
  const again = await server.synced({ cookie: cookieOf(await signIn(server, "bia", "a lost password")), as: "staff" });
  await run(["staff", "sign-out", "bia"]);
  await again.isEnded();
  await run(["staff", "remove", "bia"]);
  assert.equal((await signIn(server, "bia", "a lost password")).status, 401);

  const table = server.table();
  const old = server.link(table);
  assert.ok((await run(["table", "list"])).includes(old));
  const told = await run(["table", "renew", table]);
  const [renewed] = told.match(/http\S+/);
  assert.notEqual(renewed, old);
  assert.equal((await fetch(old)).status, 404, "who kept the old one is nobody");
  assert.equal((await fetch(renewed)).status, 200);

  for (const [bad, says] of [
    [["staff", "remove", "nobody"], /nobody/],
    [["staff", "password", "manager", "--stdin"], /8/],
    [["table", "renew", "t99"], /t99/],
    [["staff", "list", "--of", "elsewhere"], /elsewhere/],
  ]) {
    const refused = await server.command(bad, { stdin: "short\n" });
    assert.notEqual(refused.code, 0, bad.join(" "));
    assert.match(refused.err, says, "it says what is wrong");
  }
  await server.stop();
  assert.match(await run(["staff", "list"]), /manager/, "and while it does not run");
});

test("a second server on the same files does not start, whatever was deleted", async () => {
  const server = await serve();
  const second = () => server.command(["serve", "--port", "0"]);
  for (const deleted of [null, "comanda.lock", "comanda.sock"]) {
    if (deleted) await rm(join(server.data, deleted), { force: true });
    const ended = await second();
    assert.notEqual(ended.code, 0, `with ${deleted} deleted`);
    assert.match(ended.err, /(already|another|in use|being served)/i);
  }
  const guest = await server.guest(server.table());
  accepted(await guest.add("caldo-verde"));
});

test("a server whose log was taken away acknowledges nothing more, and ends", async () => {
  const server = await serve();
  const guest = await server.guest(server.table());
  accepted(await guest.add("caldo-verde"));
  await rename(join(server.data, "comanda.db"), join(server.data, "elsewhere.db"));
  const answers = [];
  const asking = setInterval(() => guest.add("caldo-verde").then((answer) => answers.push(answer), () => null), 200);
  try {
    await until(() => server.exit, "the server ends", 30_000);
  } finally {
    clearInterval(asking);
  }
  assert.notEqual(server.exit.code, 0);
  assert.match(server.log, /the log is lost/);
});

test("a screen that is ahead of a restored log finds out, and starts anew", async () => {
  const data = await place();
  let server = await Server.start({ data });
  const table = server.table();
  const cookie = await server.join(table, "Ana");
  const ana = await server.synced({ cookie, as: "guest" });
  accepted(await ana.add("caldo-verde"));
  const { epoch } = ana.welcome;
  assert.match(epoch, /^\w+$/);
  await server.stop();
  await copyFile(join(data, "comanda.db"), join(data, "backup"));

  server = await Server.start({ data });
  const later = await server.synced({ cookie, as: "guest" });
  assert.equal(later.welcome.epoch, epoch, "a restart is no restore");
  accepted(await later.add("arroz-doce"));
  accepted(await later.add("bifana"));
  const ahead = later.version();
  const stream = later.seating;
  await server.stop();
  for (const file of ["comanda.db", "comanda.db-wal", "comanda.db-shm"]) await rm(join(data, file), { force: true });
  await copyFile(join(data, "backup"), join(data, "comanda.db"));

  server = await Server.start({ data });
  try {
    const back = await server.connect({ cookie, as: "guest" });
    assert.notEqual(back.welcome.epoch, epoch, "it is told that the log is another");
    const { streams } = await back.ask("sync", { streams: { [stream]: ahead } });
    const anew = streams.find((caught) => caught.stream === stream);
    assert.equal(anew.anew, true);
    assert.ok(anew.snapshot.progress.version < ahead);
    assert.deepEqual(anew.snapshot.cart.map(({ dish }) => dish), ["caldo-verde"]);
    accepted(await back.add("gambas-guilho", { options: [{ group: "heat", option: "mild" }] }));
  } finally {
    await server.stop();
  }
});

test("nothing that opens anything, nor what guests write, stands in a log at any level", async () => {
  const server = await serve({ joining: "approve", env: { RUST_LOG: "trace" }, more: ["--log", "trace"] });
  const table = server.table();
  const cookie = await server.join(table, "Zacarias");
  const guest = await server.synced({ cookie, as: "guest" });
  accepted(await guest.add("caldo-verde", { note: "marmelada-note" }));
  await guest.command("seating/nonsense", { type: "rename", name: "Zenobia" }).catch(() => null);
  await guest.ask("command", { note: "quixote-note" }).catch(() => null);
  const page = await (await fetch(server.link(table), { headers: { cookie } })).text();
  const number = page.match(/join-number-told[^>]*>[^<]*?(\d{4})/)[1];
  const stranger = await server.post("/api/join", { venue: VENUE, token: server.token(table), name: "Quiteria", mutation: newId() });
  const ask = cookieOf(stranger);
  await server.post("/api/join-state", { venue: VENUE }, { cookie: ask });
  const signed = await signIn(server, "manager", server.venue.password);
  await signIn(server, "hunter2-typed-as-a-name", "wrong-password-typed");
  const staff = cookieOf(signed);
  await server.post("/api/people-pin", { venue: VENUE, staff: "waiter", pin: "739146" }, { cookie: staff });
  await server.post("/api/join", { venue: VENUE, token: server.token(table), name: "" }, { origin: "https://evil.example" });
  await fetch(server.link(table).replace("/t/", "/x/"));
  await fetch(`${server.link(table)}/more?cookie=${encodeURIComponent(cookie)}`);
  await server.command(["staff", "password", "kitchen", "--stdin"], { stdin: "a fresh kitchen secret\n" });
  await server.stop();
  assert.match(server.log, /a wrong password/, "it tells what happens");
  const value = (cookie) => cookie.split("=").slice(1).join("=").slice(0, 40);
  const secrets = {
    "a table's code": server.token(table),
    "a guest's cookie": value(cookie),
    "an ask's cookie": value(ask),
    "a staff cookie": value(staff),
    "a password": server.venue.password,
    "a wrong password": "wrong-password-typed",
    "what was typed as a name": "hunter2",
    "a PIN": "739146",
    "a new password": "a fresh kitchen secret",
    "a note": "marmelada-note",
    "a note that can't be read": "quixote-note",
    "a guest's name": "Zacarias",
    "a name that was refused": "Zenobia",
    "the name of who asks": "Quiteria",
  };
  for (const [what, secret] of Object.entries(secrets)) assert.ok(!server.log.includes(secret), `${what} stands in the log`);
  assert.ok(!new RegExp(`\\b${number}\\b`).test(server.log.replaceAll(/\d+[.:]\d+|port=\d+|:\d+/g, "")), "the party's number stands in the log");
});

test("with a public address only that origin may change anything, and with TLS browsers keep to it", async () => {
  const server = await serve({ more: ["--public-url", "https://order.example.com"] });
  const local = server.log.match(/http:\/\/127\.0\.0\.1:\d+|127\.0\.0\.1:\d+/)[0].replace(/^(http:\/\/)?/, "http://");
  const token = server.token(server.table());
  const join = (origin) =>
    fetch(`${local}/api/join`, { method: "POST", body: new URLSearchParams({ venue: VENUE, token, name: "" }), headers: { origin }, redirect: "manual" });
  for (const origin of [local, "http://order.example.com", "https://order.example.com:8443", "https://evil.example"]) {
    assert.equal((await join(origin)).status, 403, origin);
  }
  const ours = await join("https://order.example.com");
  assert.equal(ours.status, 200);
  assert.match(ours.headers.get("strict-transport-security"), /max-age=\d{7,}/);
  assert.match(ours.headers.getSetCookie()[0], /^__Host-.*Secure/);
});

test("figures are told to this machine and to who brings the token", async () => {
  const server = await serve({ more: ["--metrics-token", "a-long-token"] });
  const ask = async (headers) => (await fetch(`${server.url}/metrics`, { headers })).status;
  assert.equal(await ask({}), 200);
  const proxied = { "x-forwarded-for": "203.0.113.9" };
  assert.equal(await ask(proxied), 401, "what comes through a proxy does not come from this machine");
  for (const header of ["forwarded", "via", "x-real-ip"]) assert.equal(await ask({ [header]: "127.0.0.1" }), 401, header);
  assert.equal(await ask({ ...proxied, authorization: "Bearer a-long-token" }), 200);
  assert.equal(await ask({ ...proxied, authorization: "Bearer a-long-tokem" }), 401);
  assert.match(server.log, /--trusted-proxy does not name/, "and the operator is told of a proxy that was not named");
});

test("limits by address count the client's where the operator named the proxy, and nobody's word otherwise", async () => {
  const named = await serve({ more: ["--trusted-proxy", "127.0.0.1"] });
  const guess = async (server, address) =>
    (await server.post("/api/sign-in", { venue: VENUE, staff: `nobody-${newId().slice(0, 6)}`, password: "wrong password", to: "floor" }, { "x-forwarded-for": address })).status;
  const from = async (server, address, times) => {
    const statuses = [];
    for (let i = 0; i < times; i += 1) statuses.push(await guess(server, address));
    return statuses;
  };
  assert.equal((await from(named, "203.0.113.9", 26)).at(-1), 429);
  assert.equal(await guess(named, "203.0.113.10"), 401, "another client of the proxy");
  assert.equal(await guess(named, "203.0.113.11, 203.0.113.9"), 429, "what a client says itself is not believed");
  const unnamed = await serve();
  await from(unnamed, "203.0.113.9", 26);
  assert.equal(await guess(unnamed, "203.0.113.10"), 429, "of a proxy that nobody named, all are one");
});
