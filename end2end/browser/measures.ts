// What can be measured of any page: whether everybody can use it, nothing is cut off, and all is large enough to hit.
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** What a finger hits. */
const TARGET_PX = 44;

/** What fades in has not its colours yet, and what has just been pressed is a little smaller for a moment. */
const rest = (page: Page) =>
  page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => null))));

/** No violation of WCAG 2.2 AA, as far as a machine can tell. */
export async function reachable(page: Page): Promise<void> {
  await rest(page);
  const found = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
  const told = found.violations.map((v) => `${v.id}: ${v.nodes.map((node) => node.html).join(" | ")}`);
  expect(told, page.url()).toEqual([]);
}

/** How far the page reaches beyond the screen, sideways. */
export const beyond = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

/** What can be tapped and is too small for it. */
export async function tooSmall(page: Page): Promise<string[]> {
  await rest(page);
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
