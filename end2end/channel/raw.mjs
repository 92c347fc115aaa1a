// Frames as no well-behaved client sends them: a plain WebSocket under Socket.IO.

import WebSocket from "ws";

import { until } from "./harness.mjs";

export class Raw {
  frames = [];
  closed = null;

  /** Opens a WebSocket for Engine.IO; says nothing yet. */
  static async open(server, { cookie = "", headers = {}, query = "EIO=4&transport=websocket" } = {}) {
    const raw = new Raw();
    const url = `${server.url.replace("http", "ws")}/socket.io/?${query}`;
    raw.socket = new WebSocket(url, { headers: { ...(cookie && { cookie }), ...headers } });
    raw.socket.on("message", (data, isBinary) => raw.#came(isBinary ? data : data.toString()));
    raw.socket.on("unexpected-response", (_, response) => {
      raw.status = response.statusCode;
      raw.socket.terminate();
    });
    raw.socket.on("error", (error) => (raw.error = error));
    raw.socket.on("close", (code) => (raw.closed = code));
    await until(() => raw.status || raw.closed !== null || raw.frames.length > 0, "the WebSocket opens, or is refused");
    return raw;
  }

  /** A WebSocket on which Socket.IO has let this cookie's owner in. */
  static async guest(server, cookie) {
    const raw = await Raw.open(server, { cookie });
    raw.send('40{"protocol":1,"venue":"tasca","as":"guest"}');
    await raw.gets("welcome");
    return raw;
  }

  /** Heartbeats are answered, so that what ends the connection is what the test sends. */
  #came(frame) {
    if (frame === "2") this.socket.send("3");
    else this.frames.push(frame);
  }

  send(frame) {
    this.socket.send(frame);
  }

  gets(part) {
    return until(() => this.frames.find((frame) => frame.includes(part)), `a frame with ${part} arrives`);
  }

  isClosed(ms) {
    return until(() => this.closed !== null, "the server closes the connection", ms);
  }

  /** Waits until the server has answered a message sent after all others, or has closed the connection. */
  async settles(sent = "what was sent") {
    if (this.closed === null && this.socket.readyState === WebSocket.OPEN) this.send('4299["sync",{"streams":{}}]');
    await until(() => this.closed !== null || this.frames.some((frame) => frame.startsWith("4399[")), `the server answers or closes after “${sent.slice(0, 80)}”`);
    return this.closed === null ? "answers" : "closes";
  }

  leave() {
    this.socket.terminate();
  }
}
