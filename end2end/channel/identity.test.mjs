// Who is let in: hello, cookies, origins, links.

import assert from "node:assert/strict";
import { test } from "node:test";

import { VENUE, Server, cookieOf, serve } from "./harness.mjs";
import { Raw } from "./raw.mjs";
import { newId } from "./screen.mjs";

const server = await serve();

test("a connection without a word about itself is refused", async () => {
  const cookie = await server.join(server.table());
  for (const auth of [{}, null, { protocol: 1 }, { protocol: 1, venue: VENUE, as: "owner" }, { protocol: "1", venue: VENUE, as: "guest" }, { protocol: 1, venue: "No Slug", as: "guest" }]) {
    assert.match(await server.refusal({ cookie, auth }), /^malformed: /, JSON.stringify(auth));
  }
});

test("another protocol version is refused, and told which is spoken", async () => {
  const cookie = await server.join(server.table());
  for (const protocol of [0, 2, 65_535]) {
    assert.equal(await server.refusal({ cookie, protocol }), "protocol: this server speaks version 1");
  }
});

test("another venue is not entered with this one's cookie", async () => {
  assert.equal(await server.refusal({ cookie: await server.join(server.table()), venue: "elsewhere" }), "signed_out");
  assert.equal(await server.refusal({ cookie: await server.signIn("waiter"), as: "staff", venue: "elsewhere" }), "signed_out");
});

test("a guest's cookie does not make staff, nor staff's a guest", async () => {
  const [guest, staff] = [await server.join(server.table()), await server.signIn("manager")];
  assert.equal(await server.refusal({ cookie: guest, as: "staff" }), "signed_out");
  assert.equal(await server.refusal({ cookie: staff, as: "guest" }), "signed_out");
  const renamed = guest.replace("comanda_guest_", "comanda_staff_");
  assert.equal(await server.refusal({ cookie: renamed, as: "staff" }), "signed_out");
});

test("who has no cookie is nobody", async () => {
  for (const as of ["guest", "staff"]) assert.equal(await server.refusal({ as }), "signed_out");
});

test("forged and altered cookies are nobody's", async () => {
  const table = server.table();
  const cookie = await server.join(table, "Ana");
  await server.join(table, "Rui");
  const [, name, signature, says] = cookie.match(/^(\w+)=(.{44})(.+)$/);
  assert.match(says, /^guest\.tasca\.[0-9a-f]{32}\.1\.0\.\d{13}$/);
  const forgeries = [
    `${name}=${signature}${says.replace(/\.1\./, ".2.")}`,
    `${name}=${signature}${says.replace(/\d{13}$/, (at) => Number(at) + 1)}`,
    `${name}=${signature}${says.replace(/[0-9a-f]{32}/, newId())}`,
    `${name}=${signature}${says}.1`,
    `${name}=${"A".repeat(43)}=${says}`,
    `${name}=${signature.toLowerCase()}${says}`,
    `${name}=${says}`,
    `${name}=${signature}`,
    `${name}=`,
    `${name}=${"x".repeat(9_000)}`,
    `${name}=%00%ff%fe`,
  ];
  for (const forged of forgeries) {
    assert.notEqual(forged, cookie);
    assert.equal(await server.refusal({ cookie: forged, as: "guest" }), "signed_out", forged.slice(0, 120));
  }
  (await server.connect({ cookie, as: "guest" })).leave();
});

test("a cookie of another installation opens nothing here", async () => {
  const other = await Server.start();
  try {
    // The same venue, the same name, a time at which the sign-in here counts: only the secret differs.
    const cookie = await other.signIn("manager");
    (await other.connect({ cookie, as: "staff" })).leave();
    assert.equal(await server.refusal({ cookie, as: "staff" }), "signed_out");
  } finally {
    await other.stop();
  }
});

test("a cookie says nothing to scripts, and goes to no other site", async () => {
  const fields = { venue: VENUE, token: server.token(server.table()), name: "" };
  const [guest] = (await server.post("/api/join", fields)).headers.getSetCookie();
  for (const attribute of ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=86400"]) assert.ok(guest.includes(attribute), guest);
});

test("a page of another site can neither connect nor change anything", async () => {
  const table = server.table();
  const cookie = await server.join(table);
  for (const origin of ["https://evil.example", "null", `${server.url}.evil.example`, server.url.replace(/\d+$/, "1"), ""]) {
    const raw = await Raw.open(server, { cookie, headers: { origin } });
    assert.equal(raw.status, 403, `a WebSocket from “${origin}”`);
    const polling = await fetch(`${server.url}/socket.io/?EIO=4&transport=polling`, { headers: { origin, cookie } });
    assert.equal(polling.status, 403, `long-polling from “${origin}”`);
    const posted = await server.post("/api/join", { venue: VENUE, token: server.token(table), name: "" }, { origin });
    assert.equal(posted.status, 403, `a form from “${origin}”`);
    assert.deepEqual(posted.headers.getSetCookie(), []);
  }
  const own = await Raw.open(server, { cookie, headers: { origin: server.url } });
  assert.match(own.frames[0], /^0\{/);
  own.leave();
  assert.match(await server.join(table, "", { origin: server.url }), /^comanda_guest_tasca=/);
});

test("a link that leads to no table says so, and joins nobody", async () => {
  const stale = await fetch(server.link(server.table()).replace(/[^/]+$/, newId()));
  assert.equal(stale.status, 404);
  assert.match(await stale.text(), /<h1/, "with words for people");
  const joined = await server.post("/api/join", { venue: VENUE, token: newId(), name: "" });
  assert.equal(joined.status, 404);
  assert.deepEqual(joined.headers.getSetCookie(), []);
  const elsewhere = await server.post("/api/join", { venue: "elsewhere", token: server.token("t1"), name: "" });
  assert.equal(elsewhere.status, 404);
  for (const nowhere of ["/t/tasca/7", "/t/tasca", "/t/TASCA/x", `/t/tasca/${"x".repeat(32)}`]) {
    assert.equal((await fetch(server.url + nowhere)).status, 404, nowhere);
  }
});

test("a second tap on “join” makes no second guest", async () => {
  const table = server.table();
  const cookie = await server.join(table, "Ana");
  const who = (cookie) => cookie.match(/guest\.tasca\.[0-9a-f]{32}\.\d+/)[0];
  assert.equal(who(await server.join(table, "Ana again", { cookie })), who(cookie));
  const ana = await server.synced({ cookie });
  assert.equal(ana.held.get(ana.seating).snapshot.guests.length, 1);
});

test("without a script, joining is a form that leads back to the table", async () => {
  const table = server.table();
  const answer = await server.post("/api/join", { venue: VENUE, token: server.token(table), name: "Ana" }, { accept: "text/html" });
  assert.equal(answer.status, 302);
  assert.equal(answer.headers.get("location"), new URL(server.link(table)).pathname);
  assert.match(cookieOf(answer), /^comanda_guest_tasca=/);
});

test("a password that is changed while it is looked at signs nobody in", async () => {
  const manager = await server.signIn("manager");
  const sign = () => server.post("/api/sign-in", { venue: VENUE, staff: "waiter", password: server.venue.password, to: "floor" });
  // Who comes from nowhere waits behind the manager, who gives the waiter another one meanwhile.
  const [changed, ...signed] = await Promise.all([
    server.post("/api/people-password", { venue: VENUE, staff: "waiter", password: "another one" }, { cookie: manager }),
    ...Array.from({ length: 7 }, sign),
  ]);
  assert.ok(changed.ok, await changed.text());
  for (const answer of signed) {
    const cookie = answer.headers.getSetCookie().find((set) => set.startsWith("comanda_staff_"))?.split(";")[0];
    if (!cookie) continue;
    const data = await server.post("/api/staff", { venue: VENUE }, { cookie });
    assert.equal(data.status, 401, "who came in by the old one is out");
  }
  const back = { venue: VENUE, staff: "waiter", password: server.venue.password };
  assert.ok((await server.post("/api/people-password", back, { cookie: manager })).ok);
});

test("a wrong password opens nothing, and too many close the door for that name alone", async () => {
  const sign = (staff, password) => server.post("/api/sign-in", { venue: VENUE, staff, password, to: "kitchen" });
  assert.equal((await sign("nobody", server.venue.password)).status, 401);
  const statuses = [];
  for (let i = 0; i < 9; i += 1) statuses.push((await sign("kitchen", `wrong ${i}`)).status);
  assert.deepEqual(statuses, [...Array(8).fill(401), 429]);
  assert.equal((await sign("kitchen", server.venue.password)).status, 429);
  assert.equal((await sign("waiter", server.venue.password)).status, 200);
});
