// What is served over HTTP: health, pages, assets, and the headers on them.

import assert from "node:assert/strict";
import { get, request } from "node:http";
import { test } from "node:test";
import { brotliDecompressSync, gunzipSync } from "node:zlib";

import { accepted } from "./answers.mjs";
import { VENUE, serve } from "./harness.mjs";
import { newId } from "./screen.mjs";

const server = await serve();
const table = server.table();
const page = await fetch(server.link(table), { headers: { "accept-language": "en" } });
const html = await page.text();

/** A request whose answer is not decoded on the way. */
const plain = (path, headers = {}) =>
  new Promise((resolve, reject) => {
    get(server.url + path, { headers }, (response) => {
      const parts = [];
      response.on("data", (part) => parts.push(part));
      response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) }));
    }).on("error", reject);
  });

test("a load balancer can ask whether the server lives and serves", async () => {
  for (const [path, word] of [["/healthz", "alive\n"], ["/readyz", "ready\n"]]) {
    const answer = await fetch(server.url + path);
    assert.deepEqual([answer.status, await answer.text()], [200, word]);
  }
});

test("every answer carries the headers that keep browsers safe", async () => {
  const pkg = html.match(/"(\/pkg\/[^"]+\.css)"/)[1];
  for (const path of ["/", new URL(server.link(table)).pathname, "/healthz", "/nowhere", pkg, "/robots.txt", "/api/nothing"]) {
    const { headers } = await fetch(server.url + path);
    assert.equal(headers.get("x-content-type-options"), "nosniff", path);
    assert.equal(headers.get("x-frame-options"), "DENY", path);
    assert.equal(headers.get("referrer-policy"), "same-origin", path);
    assert.equal(headers.get("cross-origin-opener-policy"), "same-origin", path);
    assert.match(headers.get("content-security-policy"), /frame-ancestors 'none'/, path);
  }
});

test("a page runs our scripts and no others", async () => {
  const policy = page.headers.get("content-security-policy");
  const directives = new Map(policy.split(";").map((part) => part.trim().split(/ (.*)/s).slice(0, 2)));
  assert.equal(directives.get("default-src"), "'none'");
  assert.doesNotMatch(policy, /'unsafe-inline'|'unsafe-eval'|\*|https?:/);
  assert.equal(directives.get("style-src"), "'self'");
  const nonce = directives.get("script-src").match(/'nonce-([^']+)'/)[1];
  const all = [...html.matchAll(/<script\b([^>]*)>/g)].map(([, attributes]) => attributes);
  // The page's words are data, which no browser runs.
  const scripts = all.filter((attributes) => !attributes.includes('type="text/plain"'));
  assert.equal(all.length - scripts.length, 1);
  assert.ok(scripts.length > 0);
  for (const script of scripts) assert.ok(script.includes(`nonce="${nonce}"`), script);
  assert.doesNotMatch(html, /\son[a-z]+="|style="|javascript:/i, "nothing that such a policy would stop");
  const again = await fetch(server.link(table));
  assert.ok(!again.headers.get("content-security-policy").includes(nonce), "a nonce is used once");
});

test("a page is kept by nobody, and its assets for good", async () => {
  assert.equal(page.headers.get("cache-control"), "no-store");
  const assets = [...new Set(html.match(/\/pkg\/[^"'\\ ]+\.(?:css|js|wasm)/g))];
  assert.ok(assets.length >= 3, assets.join(" "));
  for (const path of assets) {
    assert.match(path, /^\/pkg\/[0-9a-f]{16,}\//, "the folder is named by its content");
    for (const [encoding, decode] of [["br", brotliDecompressSync], ["gzip", gunzipSync], [undefined, (body) => body]]) {
      const answer = await plain(path, encoding ? { "accept-encoding": encoding } : {});
      assert.equal(answer.status, 200, path);
      assert.equal(answer.headers["cache-control"], "public, max-age=31536000, immutable");
      assert.equal(answer.headers["content-encoding"], encoding, `${path} as ${encoding}`);
      assert.equal(answer.headers.vary, "accept-encoding");
      assert.ok(decode(answer.body).length > 0);
    }
    const refusedAll = await plain(path, { "accept-encoding": "br;q=0, gzip;q=0" });
    assert.equal(refusedAll.headers["content-encoding"], undefined, "what a client refuses is not sent");
  }
  const wasm = assets.find((path) => path.endsWith(".wasm"));
  if (wasm) assert.equal((await plain(wasm)).headers["content-type"], "application/wasm");
});

test("what is not there is not found, by people and by programs", async () => {
  for (const path of ["/nowhere", "/v/tasca", "/v/tasca/nowhere", "/pkg/nothing.js", "/favicon.ico", "/..%2f..%2fetc/passwd", "/pkg/..%2f..%2fCargo.toml", "/pkg/%00"]) {
    const answer = await fetch(server.url + path);
    assert.equal(answer.status, 404, path);
  }
  assert.equal((await fetch(`${server.url}/${"x".repeat(2_000)}`)).status, 414);
  assert.equal((await server.post("/api/nothing", {})).status, 404);
});

test("a body that is too large is refused", async () => {
  const fields = { venue: VENUE, token: server.token(table), name: "x".repeat(70_000) };
  assert.equal((await server.post("/api/join", fields)).status, 413);
  // Also where its length was not told before: it is refused while it is still being sent.
  const status = await new Promise((resolve, reject) => {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const sending = request(`${server.url}/api/join`, { method: "POST", headers });
    sending.on("error", reject).on("response", (answer) => {
      resolve(answer.statusCode);
      sending.destroy();
    });
    for (let kib = 0; kib < 64; kib += 1) sending.write("x".repeat(1_024));
    sending.write("y");
  });
  assert.equal(status, 413);
});

test("the menu can be read without a script", async () => {
  assert.equal(page.status, 200);
  assert.match(page.headers.get("content-type"), /^text\/html/);
  const text = html.replace(/<script\b[^>]*>.*?<\/script>/gs, "");
  for (const dish of ["Caldo verde", "Bitoque steak with chips", "Sweet rice pudding", "Custard tart"]) {
    assert.ok(text.includes(dish), dish);
  }
  assert.match(text, /<html[^>]* lang="en"/);
  assert.match(text, /<form[^>]*action="[^"]*\/api\/join/, "and joining is a form");
});

test("a page speaks the language that the browser wishes", async () => {
  const inPortuguese = await (await fetch(server.link(table), { headers: { "accept-language": "pt-PT, en;q=0.5" } })).text();
  assert.match(inPortuguese, /<html[^>]* lang="pt"/);
  const text = inPortuguese.replace(/<script\b[^>]*>.*?<\/script>/gs, "");
  for (const words of ["Arroz doce", "Pastel de nata"]) assert.ok(text.includes(words), words);
  const chosen = await (await fetch(server.link(table), { headers: { "accept-language": "en", cookie: "comanda_language=de" } })).text();
  assert.match(chosen, /<html[^>]* lang="de"/, "what was chosen on the device counts for more");
});

test("the staff's pages show nothing to who has not signed in", async () => {
  for (const path of ["floor", "kitchen"]) {
    const answer = await fetch(`${server.url}/v/${VENUE}/${path}`, { redirect: "manual" });
    assert.ok([302, 303, 401].includes(answer.status), `${path}: ${answer.status}`);
  }
  for (const call of ["staff", "guest"]) {
    const answer = await server.post(`/api/${call}`, { venue: VENUE });
    assert.ok(answer.status >= 400, `${call}: ${answer.status}`);
    assert.doesNotMatch(await answer.text(), /argon2|Marta|seated/);
  }
  assert.equal((await fetch(`${server.url}/v/${VENUE}/sign-in`)).status, 200);
});

test("a form that is sent again makes no second guest", async () => {
  const table = server.table();
  const page = await (await fetch(server.link(table))).text();
  const [, mutation] = page.match(/name="mutation" value="([0-9a-f]{32})"/);
  const again = () => server.join(table, "Ana", {}, VENUE, { mutation });
  // The answers of the first two were lost on the way: nobody has their cookies.
  await again();
  await again();
  const ana = await server.synced({ cookie: await again(), as: "guest" });
  const { guests } = await ana.snapshot();
  assert.deepEqual(guests.map(({ name }) => name), ["Ana"]);
  const rui = await server.guest(table, { name: "Rui" });
  assert.deepEqual((await rui.snapshot()).guests.map(({ name }) => name), ["Ana", "Rui"]);
});

test("what can be read at a table is nobody's way into another's place", async () => {
  const table = server.table();
  const [, secret] = (await (await fetch(server.link(table))).text()).match(/name="mutation" value="([0-9a-f]{32})"/);
  const ana = await server.guest(table, { name: "Ana" });
  const rui = await server.synced({ cookie: await server.join(table, "Rui", {}, VENUE, { mutation: secret }), as: "guest" });
  const used = newId();
  accepted(await rui.add("caldo-verde", {}, used));
  // Whatever Ana is sent of how Rui joined, and of what he did: she joins as somebody new by it, if at all.
  const { progress } = await ana.snapshot();
  const known = [...Object.keys(progress.seen), used, ...ana.events().map(({ m }) => m)];
  assert.ok(!known.includes(secret), "his page's secret stands nowhere");
  for (const [i, mutation] of [...new Set(known)].entries()) {
    const cookie = await server.join(table, "Eva", {}, VENUE, { mutation });
    assert.match(cookie, new RegExp(`\\.${i + 3}\\.0\\.\\d+$`), "a place of her own");
  }
  assert.equal((await rui.snapshot()).guests[1].name, "Rui");
});
