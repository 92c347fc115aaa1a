// What can be measured of how pages look: nothing is cut off, too small to hit, or moves under a finger.
import type { Locator, Page } from "@playwright/test";
import { ANY_TABLE, add, expect, join, lines, openOrder, test, type People } from "./restaurant";

const NARROW = { viewport: { width: 320, height: 640 } };
/** What a finger hits. */
const TARGET_PX = 44;

/** How far the page reaches beyond the screen, sideways. */
const beyond = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

const top = async (place: Locator) => (await place.boundingBox())!.y;

/** What can be tapped and is too small for it. */
async function tooSmall(page: Page): Promise<string[]> {
  // What has just been pressed is a little smaller for a moment.
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => null))));
  return page.evaluate((least) => {
    const tapped = "button, a, select, summary, textarea, input:not([type=radio], [type=checkbox], [type=hidden]), .option, .tick";
    return [...document.querySelectorAll(tapped)]
      // The dish's name is as large as the dish; the other one is for keyboards.
      .filter((element) => element.checkVisibility() && !element.matches(".dish-open, .skip-link"))
      .map((element) => ({ element, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.width < least || box.height < least)
      .map(({ element, box }) => `${element.outerHTML.slice(0, 80)}: ${box.width} × ${box.height}`);
  }, TARGET_PX);
}

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
