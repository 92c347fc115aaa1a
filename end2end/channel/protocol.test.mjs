// docs/protocol.md leaves nothing out: what the fixtures pin, the page names.

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { ROOT } from "./harness.mjs";

const page = await readFile(join(ROOT, "docs/protocol.md"), "utf8");
const FIXTURES = join(ROOT, "domain/tests/fixtures");
const fixtures = await readdir(FIXTURES);
const read = async (name) => JSON.parse(await readFile(join(FIXTURES, name), "utf8"));
const isId = (word) => /^[0-9a-f]{32}$/.test(word);
const isNamed = (word) => assert.ok(page.includes(`\`${word}\``), `the page names \`${word}\``);

test("the protocol's page names every reason", async () => {
  for (const name of fixtures.filter((name) => name.startsWith("wire.rejections."))) (await read(name)).forEach(isNamed);
});

test("the protocol's page names every command, every event and their fields", async () => {
  const named = fixtures.filter((name) => /^(seating|floor|menu)(-command)?\.|^visit-command\./.test(name) && !/\.(state|unknown)\b/.test(name));
  assert.ok(named.length > 30);
  for (const name of named) {
    const held = await read(name);
    const { type, ...fields } = held.e ?? held;
    isNamed(type);
    Object.keys(fields).forEach(isNamed);
  }
});

test("the protocol's page names every field of the messages and of the states", async () => {
  // What a fixture holds below these is data, not words of the protocol.
  const data = new Set(["streams", "seen", "snapshot", "name", "title", "subtitle", "description"]);
  const names = (value) =>
    Array.isArray(value) ? value.flatMap(names)
    : value && typeof value === "object" ? Object.entries(value).flatMap(([key, inner]) => (data.has(key) && !Array.isArray(inner) ? [key] : [key, ...names(inner)]))
    : [];
  const pinned = fixtures.filter((name) => /^wire\.|^(seating|floor|menu)\.state/.test(name) && !/^wire\.(guest|staff|rejections)\./.test(name));
  for (const name of pinned) {
    const held = await read(name);
    const seated = held.seated ? Object.values(held.seated) : [];
    for (const word of new Set(names({ ...held, seated }))) if (!isId(word)) isNamed(word);
  }
});

test("the protocol's page states the limits that the code has", async () => {
  const constants = [
    ["domain/src/wire.rs", "MAX_SYNC_STREAMS"], ["domain/src/text.rs", "NAME_MAX_CHARS"], ["domain/src/text.rs", "NOTE_MAX_CHARS"],
    ["domain/src/seating/cart/mod.rs", "MAX_LINES"], ["domain/src/seating/cart/mod.rs", "MAX_QUANTITY"], ["domain/src/seating/rounds/mod.rs", "MAX_ROUNDS"],
    ["domain/src/seating/guests/mod.rs", "MAX_GUESTS"], ["domain/src/seating/mod.rs", "MAX_VERSION"], ["domain/src/seating/mod.rs", "RESERVED_FOR_STAFF"],
    ["domain/src/stream.rs", "REMEMBERED_VERSIONS"], ["domain/src/floor/mod.rs", "MAX_TABLES"], ["domain/src/floor/mod.rs", "LABEL_MAX_CHARS"],
    ["domain/src/seating/cart/mod.rs", "MAX_LINES_OF_ONE"], ["domain/src/seating/guests/mod.rs", "MAX_GUESTS_EVER"], ["domain/src/seating/guests/entry.rs", "MAX_ASKS"],
    ["domain/src/seating/guests/mod.rs", "MAX_EVENTS_OF_ONE"], ["server/src/guard/persons.rs", "MAX_SOCKETS_OF_GUEST"],
    ["server/src/guard/persons.rs", "MAX_SOCKETS_OF_DEVICE"], ["server/src/live/inbox.rs", "MAX_WAITING"],
    ["server/src/live/mod.rs", "MAX_BUFFERED_FRAMES"], ["server/src/live/sync.rs", "MAX_EVENTS"],
  ];
  const limits = page.slice(page.indexOf("## Limits"));
  for (const [file, name] of constants) {
    const source = await readFile(join(ROOT, file), "utf8");
    const [, number] = source.match(new RegExp(`const ${name}: \\w+ = ([\\d_.]+);`)) ?? assert.fail(`${file} has ${name}`);
    const shown = Number(number.replaceAll("_", "")).toLocaleString("en");
    assert.match(limits, new RegExp(`\\b${shown}\\b`), `${name} is ${shown}`);
  }
  // How much at once, and how much a second in the long run.
  for (const file of ["server/src/guard/persons.rs", "server/src/guard/joins.rs"]) {
    const source = await readFile(join(ROOT, file), "utf8");
    const rates = [...source.matchAll(/const (\w+): Rate = Rate { burst: ([\d_.]+), per_second: ([^ ]+(?: \/ [\d.]+)?) }/g)];
    assert.ok(rates.length >= 4, file);
    for (const [, name, burst, perSecond] of rates.filter(([, name]) => name !== "POLLING_BEGUN")) {
      const [per, every] = perSecond.replaceAll("_", "").split(" / ").map(Number);
      const slow = every ?? (per < 1 ? 1 / per : null);
      const shown = [Number(burst.replaceAll("_", "")), slow ?? per].map((n) => n.toLocaleString("en"));
      for (const number of shown) assert.match(limits, new RegExp(`\\b${number}\\b`), `${name}: ${number}`);
    }
  }
});
