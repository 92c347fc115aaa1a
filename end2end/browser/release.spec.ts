// What a page does that is older than its server, and what it says without a script.
import type { Page } from "@playwright/test";
import { ANY_TABLE, add, expect, openOrder, test } from "./restaurant";

/** From now on every server that this page connects to says that it is of a later release. */
async function laterServers(page: Page): Promise<void> {
  await page.routeWebSocket(/socket\.io/, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((message) => {
      const isWelcome = typeof message === "string" && message.startsWith('42["welcome"');
      socket.send(isWelcome ? message.replace(/"release":\d+/, '"release":999999999') : message);
    });
  });
}

/** The page is in a pocket. */
const hide = (page: Page) => page.evaluate(() => Object.defineProperty(document, "hidden", { configurable: true, get: () => true }));

/** What can be told apart from a page that was loaded anew. */
const mark = (page: Page) => page.evaluate(() => Object.assign(window, { isTheOldPage: true }));
const isOld = (page: Page) => page.evaluate(() => "isTheOldPage" in window);

test("a page of an earlier release loads itself anew in the pocket, once, and loses nothing", async ({ people }) => {
  const page = await people.guest("t10", "Ana");
  await add(page, "Octopus salad");
  await laterServers(page);
  await page.reload();
  await mark(page);
  await openOrder(page);
  await hide(page);
  // Something is open: it is looked every five seconds, and left.
  await page.waitForTimeout(6_000);
  expect(await isOld(page)).toBe(true);
  await page.keyboard.press("Escape");
  await expect.poll(() => isOld(page).catch(() => true), { timeout: 90_000 }).toBe(false);
  await openOrder(page);
  await expect(page.getByTestId("cart-line")).toHaveCount(1);
  await page.keyboard.press("Escape");
  // The server still says so, as where a balancer brought the old page again.
  await mark(page);
  await hide(page);
  await page.waitForTimeout(11_000);
  expect(await isOld(page)).toBe(true);
});

test("a wall with its sound on asks to be updated", async ({ people }) => {
  const wall = await people.kitchen();
  const update = wall.getByRole("button", { name: "Update this page" });
  await expect(update).toBeHidden();
  await laterServers(wall);
  await wall.reload();
  await expect(update).toBeVisible();
  await wall.getByRole("button", { name: "Sound on" }).click();
  await mark(wall);
  await hide(wall);
  await wall.waitForTimeout(6_000);
  expect(await isOld(wall)).toBe(true);
  await update.click();
  await expect.poll(() => isOld(wall).catch(() => true)).toBe(false);
});

test("without a script, a name that can't be used is said to be so, and kept", async ({ people }) => {
  const page = await people.phone(ANY_TABLE, { javaScriptEnabled: false, locale: "pt-PT" });
  const name = page.locator("input[name=name]");
  // What no keyboard types, and a paste can hold.
  await name.fill("Zoë \u202E<b>&");
  await page.locator(".join-form button[type=submit]").click();
  const error = page.getByText("Esse nome não pode ser usado. Tente outro.");
  await expect(error).toBeVisible();
  await expect(name).toHaveValue("Zoë \u202E<b>&");
  await expect(name).toHaveAttribute("aria-invalid", "true");
  await expect(name).toHaveAccessibleDescription("Esse nome não pode ser usado. Tente outro.");
  await name.fill("Zoë");
  await page.locator(".join-form button[type=submit]").click();
  await expect(page.getByText("Zoë").first()).toBeVisible();
  await expect(error).toHaveCount(0);
});

test("a script that comes later leaves what the server said, until it has something to say", async ({ people }) => {
  const page = await people.phone(ANY_TABLE);
  const address = new URL(page.url());
  address.search = "?problem=party_full&name=Ana";
  await page.goto(address.href);
  const full = page.getByText("This table is full.");
  await expect(full).toBeVisible();
  await expect(page.getByLabel("Your name (optional)")).toHaveValue("Ana");
  await page.getByRole("button", { name: "Join", exact: true }).click();
  await expect(page.getByLabel("Your name (optional)")).toHaveCount(0);
  await expect(full).toHaveCount(0);
});
