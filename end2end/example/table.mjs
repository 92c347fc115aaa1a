// A table's cart in the terminal, with the official Socket.IO client. docs/protocol.md explains it.
//
//     node end2end/example/table.mjs LINK [DISH]

import { randomUUID } from "node:crypto";

import { io } from "socket.io-client";

const [link, dish] = process.argv.slice(2);
if (!link) throw new Error("usage: node table.mjs LINK [DISH], where LINK is what the table's code holds");
const { origin, pathname } = new URL(link);
const [, , venue, token] = pathname.split("/");

// Joining makes us a guest: a form as the page sends it, answered with the cookie that says who we are.
const joined = await fetch(`${origin}/api/join`, { method: "POST", body: new URLSearchParams({ venue, token, name: "Terminal" }) });
if (!joined.ok) throw new Error(`could not join: ${await joined.text()}`);
const cookie = joined.headers.getSetCookie()[0].split(";")[0];

const socket = io(origin, { auth: { protocol: 1, venue, as: "guest" }, extraHeaders: { cookie }, transports: ["websocket"] });
let stream; // ours: seating/…
let version = 0;
let cart = new Map(); // lines by their id

function fold({ n, e }) {
  if (n <= version) return true; // known
  if (n > version + 1) return false; // something is missing
  version = n;
  if (e.type === "line_added") cart.set(e.line, e);
  if (e.type === "quantity_changed") cart.get(e.line).quantity += e.by;
  if (e.type === "line_edited") Object.assign(cart.get(e.line), { options: e.options, note: e.note, unit_price: e.unit_price });
  if (e.type === "line_removed") cart.delete(e.line);
  if (e.type === "round_sent") e.lines.forEach(({ line }) => cart.delete(line));
  return true; // an event of a type that we don't know changes nothing, but it counts
}

function take({ stream: of, snapshot, events = [] }) {
  if (of !== stream) return;
  if (snapshot) [version, cart] = [snapshot.progress.version, new Map(snapshot.cart.map((line) => [line.line, line]))];
  if (!events.every(fold)) return sync();
  const lines = [...cart.values()].map(({ quantity, name, unit_price }) => `${quantity} × ${name.en} ${((quantity * unit_price) / 100).toFixed(2)}`);
  console.log(`${version}: ${lines.join(", ") || "the cart is empty"}`);
}

async function sync() {
  const { streams, refused } = await socket.timeout(8_000).emitWithAck("sync", { streams: { [stream]: version } });
  if (refused) console.error(`no sync: ${refused}`);
  streams.forEach(take);
}

const ask = { mutation: randomUUID().replaceAll("-", ""), again: false }; // the same at every sending: it takes effect once
socket.on("welcome", async ({ seating }) => {
  stream = `seating/${seating}`;
  await sync();
  if (!dish) return;
  const answer = await socket.timeout(8_000).emitWithAck("command", { ...ask, stream, command: { type: "add_line", dish, quantity: 1 } });
  if (answer.refused) console.error(`not added: ${answer.refused.reason}`);
});
socket.on("events", ({ streams }) => streams.forEach(take));
socket.on("goodbye", () => socket.disconnect()).on("connect_error", ({ message }) => console.error(`can't connect: ${message}`));
socket.on("disconnect", (reason) => (ask.again = true) && reason === "io server disconnect" && setTimeout(() => socket.connect(), 1_000));
