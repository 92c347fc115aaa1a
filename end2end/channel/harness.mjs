// Starts the real server on a fresh directory, and lets people in: guests by their table's link,
// staff by their password. It stops only what it started.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { Screen } from "./screen.mjs";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
export const VENUE = "tasca";

const BINARY = resolve(ROOT, process.env.COMANDA_BIN ?? "target/debug/comanda");
/** How long a server may take to serve, and to stop. A debug build hashes passwords slowly. */
const START_MS = 90_000;
const STOP_MS = 60_000;
/** How long a server waits for screens that stay although it stops: half of it, and as long again for the rest. */
const STOP_SECONDS = "20";
/** Nobody is taken for gone, on a machine that stops for some seconds: no test here is about that. */
const HEARTBEAT_SECONDS = "120";

/** Waits until `condition` gives something true, and gives it back. Bounded, for a machine that has much else to do. */
export async function until(condition, what, ms = 45_000) {
  const end = Date.now() + ms;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited ${ms} ms in vain until ${what}`);
    await pause(5);
  }
}

/** A demo restaurant for the tests of one file; see {@link Server.start}. It is stopped after them. */
export async function serve(options = {}) {
  const server = await Server.start(options);
  after(() => server.stop());
  return server;
}

// Each server of a file is stopped where the tests end before they can ask it to.
process.setMaxListeners(50);

export class Server {
  /** Every table that nobody was sent to yet. */
  #free;
  #cookies = new Map();
  #screens = [];
  log = "";
  exit = null;

  /**
   * Starts one: with more venues if their files are given, joined as the house has it, in a directory of before if it has
   * one. What it writes is not readable by everybody, whatever the umask.
   */
  static async start({ venues = [], joining = "open", data = null, more = [], env = {} } = {}) {
    const server = new Server();
    server.keepsData = data !== null;
    server.data = data ?? (await mkdtemp(join(tmpdir(), "comanda-channel-")));
    const links = join(server.data, "links.json");
    await truncate(links).catch(() => null);
    // Whatever is set for somebody's own server must not reach this one.
    const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("COMANDA_")));
    const patience = ["--stop-seconds", STOP_SECONDS, "--heartbeat-seconds", HEARTBEAT_SECONDS];
    const house = ["--demo-joining", joining, ...venues.flatMap((file) => ["--venue", file])];
    const options = ["--port", "0", "--data", server.data, "--links", links, ...patience, ...house, ...more];
    server.process = spawn("sh", ["-c", 'umask 0; exec "$0" "$@"', BINARY, "demo", ...options], { env: { ...own, ...env }, stdio: ["ignore", "ignore", "pipe"] });
    // Also where the tests end before they can ask it to stop.
    process.once("exit", () => server.process.kill("SIGKILL"));
    server.process.stderr.on("data", (text) => (server.log += text));
    server.process.on("error", (error) => (server.exit ??= { error }));
    server.process.on("exit", (code, signal) => (server.exit ??= { code, signal }));
    server.links = await until(() => server.#served(links), "the server serves", START_MS);
    server.url = server.links.base;
    server.venue = server.links.venues[VENUE];
    server.#free = Object.keys(server.venue.tables);
    return server;
  }

  async #served(links) {
    assert.equal(this.exit, null, `${BINARY} ended before it served: ${JSON.stringify(this.exit)}\n${this.log}`);
    try {
      return JSON.parse(await readFile(links, "utf8"));
    } catch {
      return null;
    }
  }

  /** Asks it to stop, and waits until it has. A panic on its way is a failure of the tests. */
  async stop() {
    this.#screens.forEach((screen) => screen.leave());
    this.process.kill("SIGTERM");
    try {
      await until(() => this.exit, "the server stops", STOP_MS);
    } finally {
      this.process.kill("SIGKILL");
      if (!this.keepsData) await rm(this.data, { recursive: true, force: true });
    }
    const panics = this.log.split("\n").filter((line, i, lines) => / panicked at /.test(line) || / panicked at /.test(lines[i - 1]));
    assert.deepEqual(panics, [], "the server never panics");
  }

  /** How much of the machine's memory it holds now, and held at most, in bytes. Told by the system, not by itself. */
  async memory() {
    const status = await readFile(`/proc/${this.process.pid}/status`, "utf8");
    const of = (name) => Number(status.match(new RegExp(`^${name}:\\s+(\\d+) kB`, "m"))[1]) * 1_024;
    return { now: of("VmRSS"), most: of("VmHWM") };
  }

  /** Runs a command of the command line on its directory; gives what it wrote and how it ended. */
  async command(args, { stdin = "", data = this.data } = {}) {
    const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("COMANDA_")));
    const run = spawn(BINARY, [...args, "--data", data], { env: own, stdio: ["pipe", "pipe", "pipe"] });
    run.stdin.end(stdin);
    const written = { out: "", err: "" };
    run.stdout.on("data", (text) => (written.out += text));
    run.stderr.on("data", (text) => (written.err += text));
    let code = null;
    run.on("exit", (status, signal) => (code = status ?? signal));
    await until(() => code !== null, `“comanda ${args.join(" ")}” ends`);
    return { code, ...written };
  }

  /** A table at which no test sat yet. */
  table() {
    const table = this.#free.shift();
    assert.ok(table, "each test of a file takes tables of its own, and they are used up");
    return table;
  }

  link(table) {
    return this.venue.tables[table];
  }

  token(table) {
    return this.link(table).split("/").pop();
  }

  /** A form, as a page's script sends it. */
  post(path, fields, headers = {}) {
    return fetch(this.url + path, { method: "POST", body: new URLSearchParams(fields), headers, redirect: "manual" });
  }

  /** Joins a table; gives the cookie. */
  async join(table, name = "", headers = {}, venue = VENUE, more = {}) {
    const token = this.links.venues[venue].tables[table].split("/").pop();
    const answer = await this.post("/api/join", { venue, token, name, ...more }, headers);
    assert.equal(answer.status, 200, await answer.text());
    return cookieOf(answer);
  }

  /** Signs in as `waiter`, `kitchen` or `manager`; gives the cookie. */
  async signIn(staff, venue = VENUE) {
    const fields = { venue, staff, password: this.links.venues[venue].password, to: "floor" };
    const answer = await this.post("/api/sign-in", fields);
    assert.equal(answer.status, 200, await answer.text());
    return cookieOf(answer);
  }

  /** A connection, welcomed. It rejects with the server's reason where it is refused. */
  async connect(options) {
    const screen = new Screen(this.url, options);
    this.#screens.push(screen);
    await screen.welcomed();
    return screen;
  }

  /** Why a connection is refused. */
  async refusal(options) {
    const refused = await this.connect(options).then(() => "nothing refused it", (error) => error.message);
    return refused;
  }

  /** A guest's phone: joined, connected, in sync. */
  async guest(table, options = {}) {
    const cookie = await this.join(table, options.name);
    return this.synced({ cookie, as: "guest", ...options });
  }

  /** A screen of the staff: signed in (once for a file), connected, in sync. */
  async staff(staff, options = {}) {
    if (!this.#cookies.has(staff)) this.#cookies.set(staff, await this.signIn(staff));
    return this.synced({ cookie: this.#cookies.get(staff), as: "staff", ...options });
  }

  async synced(options) {
    const screen = await this.connect(options);
    await screen.sync();
    return screen;
  }

  /** Fails unless the server still does its work for somebody new. */
  async stillServes() {
    assert.equal(this.exit, null, `the server ended: ${JSON.stringify(this.exit)}\n${this.log.slice(-2_000)}`);
    assert.equal((await fetch(`${this.url}/readyz`)).status, 200);
    const waiter = await this.staff("waiter");
    waiter.leave();
  }
}

/** The `name=value` that an answer sets. */
export function cookieOf(answer) {
  const [set] = answer.headers.getSetCookie();
  assert.ok(set, "the answer sets a cookie");
  return set.split(";")[0];
}
