// What can be measured of how pages look: nothing is cut off, too small to hit, or moves under a finger.
import type { Locator, Page } from "@playwright/test";
import { beyond, tooSmall } from "./measures";
import { ANY_TABLE, add, expect, join, lines, openOrder, test, type People } from "./restaurant";

const NARROW = { viewport: { width: 320, height: 640 } };

const top = async (place: Locator) => (await place.boundingBox())!.y;

async function narrow(people: People): Promise<Page> {
  const page = await people.phone(ANY_TABLE, NARROW);
  await join(page, "Maximiliana-Wilhelmina von und zu Hohenb");
  await add(page, "Octopus salad");
  return page;
}

test("nothing is wider than the narrowest phone, also with letters twice as large", async ({ people }) => {
  const page = await narrow(people);
  expect(await beyond(page), "the menu").toBe(0);
  await openOrder(page);
  const order = page.getByRole("dialog");
  const orderBeyond = () => order.evaluate((dialog) => dialog.scrollWidth - dialog.clientWidth);
  expect(await orderBeyond(), "the order").toBe(0);
  await page.evaluate(() => document.documentElement.style.setProperty("font-size", "200%"));
  expect(await orderBeyond(), "the order, enlarged").toBe(0);
  await page.keyboard.press("Escape");
  expect(await beyond(page), "the menu, enlarged").toBe(0);
});

test("whatever is tapped is large enough for a finger", async ({ people }) => {
  const page = await narrow(people);
  expect(await tooSmall(page)).toEqual([]);
  await openOrder(page);
  expect(await tooSmall(page)).toEqual([]);
  const floor = await people.floor();
  await floor.locator(".tile:not(.is-free)").first().click();
  await expect(floor.getByRole("dialog")).toBeVisible();
  expect(await tooSmall(floor)).toEqual([]);
  expect(await tooSmall(await people.kitchen())).toEqual([]);
});

test("who joins moves nothing on the others' menus, and what opens moves no filter", async ({ people }) => {
  const ana = await people.guest(ANY_TABLE, "Ana");
  const search = ana.getByRole("searchbox");
  const before = await top(search);
  for (const name of ["Bernardo", "Catarina Vasconcelos", "Duarte"]) await people.guest(ANY_TABLE, name);
  await expect(ana.getByText("Duarte", { exact: true })).toBeAttached();
  expect(await top(search)).toBe(before);
  const filter = ana.locator(".without > summary");
  const filterBefore = await top(filter);
  await filter.click();
  await expect(ana.getByLabel("Gluten")).toBeVisible();
  expect(await top(filter)).toBe(filterBefore);
});

test("a tap on Add, while something is to be chosen, leads to what is to be chosen", async ({ people }) => {
  const ana = await people.guest(ANY_TABLE, "Ana");
  await ana.getByRole("button", { name: "Bitoque steak with chips", exact: true }).click();
  const sheet = ana.getByRole("dialog");
  const addIt = sheet.getByRole("button", { name: /^Add ·/ });
  const questions = sheet.locator("fieldset");
  const asked = await questions.count();
  expect(asked).toBeGreaterThan(1);
  for (let question = 0; question < asked; question++) {
    await expect(addIt).toHaveAttribute("aria-disabled", "true");
    // It only looks disabled: who taps it is told why.
    await addIt.click({ force: true });
    const answer = questions.nth(question).getByRole("radio").first();
    await expect(answer).toBeFocused();
    await ana.keyboard.press("Space");
  }
  await addIt.click();
  await openOrder(ana);
  await expect(lines(ana).filter({ hasText: "Bitoque" })).toHaveCount(1);
});
