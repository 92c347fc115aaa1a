// One table, live: what guests do together, what the kitchen and the floor see of it.
import { add, expect, join, lines, openOrder, test } from "./restaurant";

/** The kitchen takes two taps within 600 ms for one that bounced: a cook is slower than this test. */
const BOUNCE_MS = 700;

test("two guests add at the same moment, and both see both lines", async ({ people }) => {
  const [ana, bia] = [await people.guest("t1", "Ana"), await people.guest("t1", "Bia")];
  await Promise.all([add(ana, "Octopus salad"), add(bia, "Rice with beans")]);
  for (const phone of [ana, bia]) {
    await openOrder(phone);
    await expect(lines(phone)).toHaveCount(2);
    await expect(lines(phone).filter({ hasText: "Octopus salad" })).toHaveCount(1);
    await expect(lines(phone).filter({ hasText: "Rice with beans" })).toHaveCount(1);
    await expect(phone.getByRole("dialog")).toContainText("Ana");
    await expect(phone.getByRole("dialog")).toContainText("Bia");
  }
});

test("both tap more at once, and both taps count", async ({ people }) => {
  const [ana, bia] = [await people.guest("t2", "Ana"), await people.guest("t2", "Bia")];
  await add(ana, "Octopus salad");
  await openOrder(ana);
  await openOrder(bia);
  const more = (phone: typeof ana) => phone.getByRole("button", { name: "One more Octopus salad" }).click();
  await Promise.all([more(ana), more(bia)]);
  for (const phone of [ana, bia]) await expect(lines(phone).locator(".stepper-number")).toHaveText("3");
});

test("a guest goes offline, adds, comes back, and everybody agrees", async ({ people }) => {
  const [ana, bia] = [await people.guest("t3", "Ana"), await people.guest("t3", "Bia")];
  await add(bia, "Rice with beans");
  await expect(ana.getByRole("button", { name: /View the order/ })).toContainText("1 item");
  await ana.context().setOffline(true);
  await expect(ana.getByText("No connection")).toBeVisible();
  await add(ana, "Octopus salad");
  await add(bia, "Seasonal fruit");
  await openOrder(ana);
  await expect(lines(ana)).toHaveCount(2);
  await expect(lines(ana).filter({ hasText: "Octopus salad" })).toContainText("Waits for the connection");
  await ana.context().setOffline(false);
  await openOrder(bia);
  for (const phone of [ana, bia]) await expect(lines(phone)).toHaveCount(3);
  await expect(lines(ana).filter({ hasText: "Waits for the connection" })).toHaveCount(0);
  await expect(ana.getByText("No connection")).toHaveCount(0);
});

test("both press send, one round reaches the kitchen once, and its progress shows on the phones", async ({ people }) => {
  const kitchen = await people.kitchen();
  const [ana, bia] = [await people.guest("t4", "Ana"), await people.guest("t4", "Bia")];
  await add(ana, "Chocolate mousse");
  for (const phone of [ana, bia]) {
    await openOrder(phone);
    await expect(lines(phone)).toHaveCount(1);
    await phone.getByRole("button", { name: /Send to the kitchen/ }).click();
  }
  await Promise.all([ana, bia].map((phone) => phone.getByRole("button", { name: "Send now" }).click()));
  const tickets = kitchen.getByRole("article").filter({ hasText: "Chocolate mousse" });
  await expect(tickets).toHaveCount(1);
  for (const phone of [ana, bia]) {
    await expect(phone.getByRole("dialog")).toContainText("Round 1");
    await expect(phone.getByRole("dialog")).not.toContainText("Round 2");
    await expect(phone.getByRole("dialog")).toContainText("Received");
  }
  await tickets.getByRole("button", { name: "Start" }).click();
  for (const phone of [ana, bia]) await expect(phone.getByRole("dialog")).toContainText("Cooking");
  await kitchen.waitForTimeout(BOUNCE_MS);
  await tickets.getByRole("button", { name: "Done" }).click();
  for (const phone of [ana, bia]) await expect(phone.getByRole("dialog")).toContainText("Ready");
});

test("a reload at any point shows the same state", async ({ people }) => {
  const ana = await people.guest("t5", "Ana");
  await add(ana, "Octopus salad");
  await expect(ana.getByRole("button", { name: /View the order/ })).toContainText("1 item");
  await ana.reload();
  await openOrder(ana);
  await expect(lines(ana)).toHaveCount(1);
  await ana.getByRole("button", { name: /Send to the kitchen/ }).click();
  await ana.getByRole("button", { name: "Send now" }).click();
  await expect(ana.getByRole("dialog")).toContainText("Round 1");
  await ana.reload();
  await openOrder(ana);
  await expect(ana.getByRole("dialog")).toContainText("Round 1");
  await expect(lines(ana)).toHaveCount(0);
});

test("what waits survives a reload of the page", async ({ people }) => {
  const ana = await people.guest("t6", "Ana");
  await expect(ana.getByText("No connection")).toHaveCount(0);
  // The live channel is out of reach, the page itself is not.
  let blocked = true;
  await ana.route("**/socket.io/**", (route) => (blocked ? route.abort() : route.continue()));
  await ana.routeWebSocket("**/socket.io/**", (socket) => void (blocked ? socket.close() : socket.connectToServer()));
  await ana.reload();
  await add(ana, "Octopus salad");
  await expect(ana.getByRole("button", { name: /View the order/ })).toContainText("1 item");
  blocked = false;
  await ana.reload();
  const bia = await people.guest("t6", "Bia");
  await openOrder(bia);
  await expect(lines(bia)).toHaveCount(1);
});

test("a guest of another table sees nothing of it", async ({ people }) => {
  const [ana, zoe] = [await people.guest("t7", "Ana"), await people.guest("t8", "Zoe")];
  await add(ana, "Octopus salad");
  await add(zoe, "Seasonal fruit");
  await openOrder(zoe);
  await expect(lines(zoe)).toHaveCount(1);
  await expect(lines(zoe)).toContainText("Seasonal fruit");
  await expect(zoe.locator("body")).not.toContainText("Ana");
});

test("a waiter sees the table fill, closes it, and the next party starts anew", async ({ people }) => {
  const floor = await people.floor();
  const ana = await people.guest("e1", "Ana");
  await add(ana, "Seasonal fruit");
  const tile = floor.getByRole("button", { name: /E1/ }).first();
  await expect(tile).toContainText("1 not sent");
  await tile.click();
  await floor.getByRole("button", { name: "Close table" }).click();
  await floor.getByRole("button", { name: "Yes, close" }).click();
  await expect(ana.getByText("Thank you for coming").first()).toBeVisible();
  const next = await people.phone("e1");
  await expect(next.locator("body")).not.toContainText("Ana");
  await join(next, "Eva");
  await expect(next.getByRole("button", { name: /View the order/ })).toHaveCount(0);
});

test("what sells out greys out on every phone, and can't be sent", async ({ people }) => {
  const kitchen = await people.kitchen();
  const ana = await people.guest("e2", "Ana");
  await add(ana, "Sweet rice pudding");
  await kitchen.getByRole("button", { name: /Sold out/ }).click();
  await kitchen.getByLabel("Find a dish").fill("Sweet rice pudding");
  await kitchen.getByRole("button", { name: /Sweet rice pudding/ }).first().click();
  await openOrder(ana);
  await expect(lines(ana)).toContainText("Sold out");
  await ana.getByRole("button", { name: "Remove Sweet rice pudding" }).click();
  await expect(lines(ana)).toHaveCount(0);
});
