// A screen: one connection of the official client, and what it holds of each stream.

import { randomUUID } from "node:crypto";

import { io } from "socket.io-client";

import { until } from "./harness.mjs";

const ANSWER_MS = 45_000;

/** An id for a command: 128 random bits in hex digits. */
export const newId = () => randomUUID().replaceAll("-", "");

export class Screen {
  welcome = null;
  refused = null;
  /** Why the connection ended, each time. */
  ends = [];
  goodbyes = 0;
  moves = 0;
  /** Where something was missing in a stream that this screen holds. */
  gaps = [];
  /** Something was dropped, since what comes before it is not here. */
  #missed = false;
  /** By stream: its version, the last snapshot, and every event that was new. */
  held = new Map();

  constructor(url, { cookie = "", as = "guest", venue = "tasca", protocol = 1, auth, transports = ["websocket"], headers = {} }) {
    this.socket = io(url, {
      auth: auth === undefined ? { protocol, venue, as } : auth,
      transports,
      extraHeaders: { ...(cookie && { cookie }), ...headers },
      forceNew: true,
      reconnection: false,
      timeout: ANSWER_MS,
    });
    this.socket.on("welcome", (welcome) => (this.welcome = welcome));
    this.socket.on("events", ({ streams }) => streams.forEach((caught) => this.#take(caught)));
    this.socket.on("goodbye", () => (this.goodbyes += 1));
    this.socket.on("move", () => (this.moves += 1));
    this.socket.on("disconnect", (reason) => this.ends.push(reason));
    this.socket.on("connect_error", (error) => (this.refused = error));
  }

  async welcomed() {
    await until(() => this.welcome || this.refused, "the server welcomes or refuses");
    if (this.refused) {
      this.leave();
      throw this.refused;
    }
  }

  get seating() {
    return `seating/${this.welcome.seating}`;
  }

  leave() {
    this.socket.disconnect();
  }

  /** Comes back with the same cookie, as after a lost network. What it holds stays. */
  async comeBack() {
    this.welcome = null;
    this.refused = null;
    this.socket.connect();
    await this.welcomed();
  }

  ask(message, body, ms = ANSWER_MS) {
    return this.socket.timeout(ms).emitWithAck(message, body);
  }

  /** Brings this screen up to date from what it says it has: by default, what it holds. */
  async sync(have = Object.fromEntries([...this.held].map(([stream, { version }]) => [stream, version]))) {
    this.#missed = false;
    const synced = await this.ask("sync", { streams: have });
    synced.streams.forEach((caught) => this.#take(caught));
    // What was told between the server's look and its answer came before the answer.
    if (this.#missed) await this.sync();
    return synced;
  }

  command(stream, command, mutation = newId()) {
    return this.ask("command", { mutation, stream, command });
  }

  /** Sends a command once more. */
  commandAgain(stream, command, mutation) {
    return this.ask("command", { mutation, stream, command, again: true });
  }

  /** A command to one's own seating. */
  do(type, fields = {}, mutation = newId()) {
    return this.command(this.seating, { type, ...fields }, mutation);
  }

  /** Puts a dish into the cart. */
  add(dish, fields = {}, mutation = newId()) {
    return this.do("add_line", { dish, quantity: 1, ...fields }, mutation);
  }

  version(stream = this.seating) {
    return this.held.get(stream)?.version ?? 0;
  }

  events(stream = this.seating) {
    return this.held.get(stream)?.events ?? [];
  }

  /** The stream as the server has it, from nothing. */
  async snapshot(stream = this.seating) {
    const { streams } = await this.ask("sync", { streams: {} });
    return streams.find((caught) => caught.stream === stream)?.snapshot;
  }

  /** Waits until this screen has come to that version of a stream. */
  reaches(version, stream = this.seating) {
    return until(() => this.version(stream) >= version, `${stream} is at version ${version}, not ${this.version(stream)}`);
  }

  /** Waits for an event of that type, and gives it. */
  sees(type, stream = this.seating, fits = () => true) {
    return until(() => this.events(stream).find(({ e }) => e.type === type && fits(e)), `${type} arrives on ${stream}`);
  }

  /** Waits until the server has ended this connection; gives the reason that the client tells. */
  isEnded() {
    return until(() => this.ends.at(-1), "the connection ends");
  }

  /** What came of a stream: taken where it is next, dropped where it is known or something before it is missing. */
  #take({ stream, snapshot, events = [] }) {
    const held = this.held.get(stream) ?? { version: 0, snapshot: null, events: [] };
    this.held.set(stream, held);
    if (snapshot && snapshot.progress.version >= held.version) {
      held.version = snapshot.progress.version;
      held.snapshot = snapshot;
    }
    for (const event of events) {
      if (event.n <= held.version) continue;
      if (event.n > held.version + 1) {
        this.#missed = true;
        if (held.version > 0) this.gaps.push({ stream, have: held.version, came: event.n });
        return;
      }
      held.version = event.n;
      held.events.push(event);
    }
  }
}
