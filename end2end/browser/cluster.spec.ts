// Several servers are one restaurant: guests on different servers share a table, and a server may die.
import { Connection, expect, test, type Cluster } from "./cluster";
import { add, lines, openOrder, type People } from "./restaurant";
import type { Locator, Page } from "@playwright/test";

/** How often a phone may have to come again until the balancer gives it to another server. */
const VISITS_MAX = 20;

interface OnServer {
  page: Page;
  connection: Connection;
}

/** A guest whose phone is on a server that is wanted. */
async function guestOn(people: People, table: string, name: string, wanted: (server: string) => boolean): Promise<OnServer> {
  const page = await people.guest(table, name);
  const connection = await Connection.of(page);
  for (let visit = 0; visit < VISITS_MAX; visit++) {
    await connection.anew(page);
    if (wanted(connection.server)) return { page, connection };
  }
  throw new Error(`after ${VISITS_MAX} visits ${name} is still on ${connection.server}`);
}

/** Two guests of a table, on two servers. */
async function apart(people: People, table: string): Promise<[OnServer, OnServer]> {
  const ana = await guestOn(people, table, "Ana", () => true);
  const bia = await guestOn(people, table, "Bia", (server) => server !== ana.connection.server);
  return [ana, bia];
}

/** Until a server is there again and takes guests. */
async function isBack(cluster: Cluster, name: string, before: number): Promise<void> {
  const server = () => cluster.told.servers.find((server) => server.name === name);
  await expect.poll(() => server()?.pid, { timeout: 90_000 }).not.toBe(before);
  const ready = async () => (await fetch(`${server()?.address}/readyz`).catch(() => undefined))?.status;
  await expect.poll(ready, { timeout: 90_000 }).toBe(200);
}

test("two guests on two servers share one order", async ({ people }) => {
  const [ana, bia] = await apart(people, "t1");
  await Promise.all([add(ana.page, "Octopus salad"), add(bia.page, "Rice with beans")]);
  for (const { page } of [ana, bia]) {
    await openOrder(page);
    await expect(lines(page)).toHaveCount(2);
    await expect(lines(page).filter({ hasText: "Octopus salad" })).toHaveCount(1);
    await expect(lines(page).filter({ hasText: "Rice with beans" })).toHaveCount(1);
  }
  const more = ({ page }: OnServer) => page.getByRole("button", { name: "One more Octopus salad" }).click();
  await Promise.all([more(ana), more(bia)]);
  for (const { page } of [ana, bia]) {
    await expect(lines(page).filter({ hasText: "Octopus salad" }).locator(".stepper-number")).toHaveText("3");
  }
});

test("a server is killed: its guests move to another, and nothing is lost or doubled", async ({ people, cluster }) => {
  const [ana, bia] = await apart(people, "t2");
  people.mayLoseServer();
  const [before, after] = [ana.connection.server, bia.connection.server];
  await add(ana.page, "Octopus salad");
  await expect(bia.page.getByRole("button", { name: /View the order/ })).toContainText("1 item");

  const killed = cluster.told.servers.find((server) => server.name === before)!;
  cluster.kill(killed);
  // At once, while her phone may not know it yet.
  await add(ana.page, "Seasonal fruit");
  await add(bia.page, "Rice with beans");
  await expect.poll(() => ana.connection.server, { timeout: 90_000 }).toBe(after);
  for (const { page } of [ana, bia]) {
    await openOrder(page);
    for (const dish of ["Octopus salad", "Seasonal fruit", "Rice with beans"]) {
      await expect(lines(page).filter({ hasText: dish })).toHaveCount(1);
    }
    await expect(lines(page)).toHaveCount(3);
    await expect(page.getByText("No connection")).toHaveCount(0);
  }
  // The other tests find two servers.
  await isBack(cluster, before, killed.pid);
});

test("Redis is killed: guests on two servers still share one order", async ({ people, cluster }) => {
  const [ana, bia] = await apart(people, "t3");
  cluster.kill(cluster.told.redis);
  await add(ana.page, "Octopus salad");
  await add(bia.page, "Rice with beans");
  for (const { page } of [ana, bia]) {
    await openOrder(page);
    await expect(lines(page)).toHaveCount(2);
  }
});

const cantSave = (on: Page | Locator) => on.getByText("Can't save right now");

test("PostgreSQL is killed: phones say that nothing can be saved, keep what was added, and it goes through", async ({ people, cluster }, info) => {
  const [ana, bia] = await apart(people, "t4");
  await add(ana.page, "Octopus salad");
  await expect(bia.page.getByRole("button", { name: /View the order/ })).toContainText("1 item");
  cluster.keepAway(cluster.told.postgres);
  await add(ana.page, "Seasonal fruit");
  await expect(cantSave(ana.page).first()).toBeVisible();
  await ana.page.screenshot({ path: info.outputPath("can-not-save.png") });
  await openOrder(ana.page);
  await expect(lines(ana.page)).toHaveCount(2);
  await expect(cantSave(ana.page.getByRole("dialog")), "the order says so, where it covers the page").not.toHaveCount(0);
  // Who only reads goes on reading.
  await expect(cantSave(bia.page)).toHaveCount(0);
  cluster.letBack();
  await expect(cantSave(ana.page)).toHaveCount(0, { timeout: 90_000 });
  await openOrder(bia.page);
  for (const { page } of [ana, bia]) {
    await expect(lines(page)).toHaveCount(2);
    await expect(lines(page).filter({ hasText: "Seasonal fruit" })).toHaveCount(1);
  }
});

test("PostgreSQL is killed: the kitchen and the floor say so, and their taps go through", async ({ people, cluster }, info) => {
  const [kitchen, floor] = [await people.kitchen(), await people.floor()];
  const ana = await people.guest("t6", "Ana");
  await add(ana, "Chocolate mousse");
  await openOrder(ana);
  await ana.getByRole("button", { name: /Send to the kitchen/ }).click();
  await ana.getByRole("button", { name: "Send now" }).click();
  const ticket = kitchen.getByRole("article").filter({ hasText: "Chocolate mousse" });
  await expect(ticket).toHaveCount(1);
  await floor.setViewportSize({ width: 390, height: 844 });
  await floor.getByRole("button", { name: /8.*Free/ }).first().click();
  cluster.keepAway(cluster.told.postgres);
  await ticket.getByRole("button", { name: "Start" }).click();
  await floor.getByRole("button", { name: "Open table" }).click();
  const panel = floor.getByRole("dialog");
  for (const place of [kitchen, panel]) await expect(cantSave(place).last()).toBeVisible();
  await kitchen.screenshot({ path: info.outputPath("kitchen.png") });
  await floor.screenshot({ path: info.outputPath("floor.png") });
  cluster.letBack();
  await expect(cantSave(kitchen)).toHaveCount(0, { timeout: 90_000 });
  await expect(ana.getByRole("dialog")).toContainText("Cooking");
  await expect(panel.getByRole("button", { name: "Close table" })).toBeVisible();
});

test("where no WebSocket gets through, a phone polls, and shares the order all the same", async ({ people }) => {
  const ana = await people.guest("t5", "Ana");
  const served = new Set<string>();
  ana.on("response", (response) => {
    if (response.url().includes("transport=polling")) served.add(response.headers()["x-served-by"] ?? "");
  });
  // What a network does that knows no WebSocket: it fails, and not at once.
  await ana.addInitScript(() => {
    class Blocked extends EventTarget {
      onerror?: (event: Event) => void;
      constructor() {
        super();
        setTimeout(() => this.onerror?.(new Event("error")));
      }
      close() {}
    }
    Reflect.set(window, "WebSocket", Blocked);
  });
  await ana.reload();
  await expect.poll(() => served.size, "it polls").toBe(1);
  const bia = await people.guest("t5", "Bia");
  await add(bia, "Octopus salad");
  await add(ana, "Rice with beans");
  for (const page of [ana, bia]) {
    await openOrder(page);
    await expect(lines(page)).toHaveCount(2);
    await expect(page.getByText("Sending")).toHaveCount(0);
  }
  expect([...served], "a session stays on its server").toHaveLength(1);
});
