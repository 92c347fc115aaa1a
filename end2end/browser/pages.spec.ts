// Each page by itself: readable without a script, reachable by everybody, kind when something is wrong.
import { reachable } from "./measures";
import { ANY_TABLE, add, expect, openOrder, test } from "./restaurant";

test("the menu can be read without a script", async ({ people }) => {
  const page = await people.phone(ANY_TABLE, { javaScriptEnabled: false });
  await expect(page.getByRole("heading", { name: "Tasca do Mercado" })).toBeVisible();
  await expect(page.getByText("Octopus salad")).toBeVisible();
  expect(await page.getByRole("heading", { level: 3 }).count()).toBeGreaterThan(35);
});

test("one can join without a script", async ({ people }) => {
  const page = await people.phone("b1", { javaScriptEnabled: false });
  await page.getByLabel("Your name (optional)").fill("Ana");
  await page.getByRole("button", { name: "Join", exact: true }).click();
  await expect(page.getByText("Ana").first()).toBeVisible();
});

test("a code that is not in use, and an address that leads nowhere, say so", async ({ people, server }) => {
  const page = await people.device({});
  people.mayBeAnswered(404);
  const stale = await page.goto(`${server.base}/t/tasca/${"0".repeat(32)}`);
  expect(stale?.status()).toBe(404);
  await expect(page.getByText("This code is no longer in use")).toBeVisible();
  const nowhere = await page.goto(`${server.base}/nowhere`);
  expect(nowhere?.status()).toBe(404);
  await expect(page.getByText("There is nothing here")).toBeVisible();
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing on any page, ${colorScheme}`, async ({ people, server }) => {
    const table = colorScheme === "light" ? "e3" : "e4";
    const ana = await people.phone(table, { colorScheme });
    await reachable(ana);
    await ana.getByLabel("Your name (optional)").fill("Ana");
    await ana.getByRole("button", { name: "Join", exact: true }).click();
    await add(ana, "Octopus salad");
    await reachable(ana);
    await ana.getByRole("button", { name: "Bitoque steak with chips", exact: true }).click();
    await expect(ana.getByRole("dialog")).toBeVisible();
    await reachable(ana);
    await ana.keyboard.press("Escape");
    await openOrder(ana);
    await reachable(ana);
    await ana.getByRole("button", { name: /Send to the kitchen/ }).click();
    await ana.getByRole("button", { name: "Send now" }).click();
    await expect(ana.getByRole("dialog")).toContainText("Round 1");
    await reachable(ana);
    const kitchen = await people.kitchen();
    await expect(kitchen.getByRole("article").first()).toBeVisible();
    await reachable(kitchen);
    const floor = await people.floor();
    await floor.emulateMedia({ colorScheme });
    await reachable(floor);
    await floor.getByRole("button", { name: new RegExp(table, "i") }).first().click();
    await reachable(floor);
    const door = await people.device({ colorScheme });
    await door.goto(server.links.sign_in);
    await reachable(door);
    await door.goto(server.base);
    await reachable(door);
  });
}

test("a dish with questions says what is still to choose, and shows its price as it is put together", async ({ people }) => {
  const ana = await people.guest("t9", "Ana");
  await ana.getByRole("button", { name: "Bitoque steak with chips", exact: true }).click();
  const sheet = ana.getByRole("dialog");
  await expect(sheet).toContainText("Still to choose");
  for (const group of await sheet.getByRole("radiogroup").or(sheet.getByRole("group")).all()) {
    const first = group.getByRole("radio").first();
    if (await first.count()) await first.check({ force: true });
  }
  await sheet.getByRole("button", { name: /^Add ·/ }).click();
  await expect(ana.getByRole("button", { name: /View the order/ })).toContainText("1 item");
});

test("the interface speaks the browser's language, and another if one wishes", async ({ people }) => {
  const page = await people.phone(ANY_TABLE, { locale: "pt-PT" });
  await expect(page.locator("html")).toHaveAttribute("lang", "pt");
  await expect(page.getByText("Caldo verde").first()).toBeVisible();
  await page.getByLabel("Idioma").selectOption("de");
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
});

test("a language that is chosen before the script is there is not lost", async ({ people, server }) => {
  const page = await people.device({ locale: "pt-PT" });
  let letIn = () => {};
  const chosen = new Promise<void>((done) => (letIn = done));
  await page.route(/\.(js|wasm)$/, async (route) => {
    await chosen;
    await route.continue();
  });
  await page.goto(server.links.tables[ANY_TABLE], { waitUntil: "commit" });
  await page.getByLabel("Idioma").selectOption("de");
  letIn();
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
});

test("a wrong password is told in words, and nothing else is", async ({ people, server }) => {
  const page = await people.device({});
  people.mayBeAnswered(401);
  await page.goto(server.links.sign_in);
  await page.getByLabel("Name").fill("waiter");
  await page.getByLabel("Password").fill("guess");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("don’t match")).toBeVisible();
});
