// Who comes in: at a table by consent, by the number or by a waiter; on the staff's devices by password or PIN.
import type { Locator, Page } from "@playwright/test";
import { beyond, reachable, tooSmall } from "./measures";
import { ANY_TABLE, add, expect, join, lines, openOrder, test, type People } from "./restaurant";

test.use({ joining: "approve" });

const PHONE = { width: 390, height: 844 };
const TABLET = { width: 1024, height: 768 };
const WAITS = "Waiting to be let in…";
const TURNED_AWAY = "You were not let in.";
/** No password of anybody. */
const PASSWORD = "bolo-de-arroz";

/** Asks to be let in at the table that the phone looks at. */
async function ask(phone: Page, name: string, { back = false } = {}): Promise<void> {
  await phone.getByLabel("Your name (optional)").fill(name);
  if (back) await phone.getByLabel("I was here already").check();
  await phone.getByRole("button", { name: "Ask to join" }).click();
}

/** A phone that waits at a table where somebody sits. */
async function asking(people: People, table: string, name: string, options = {}): Promise<Page> {
  const phone = await people.phone(table, options);
  await ask(phone, name);
  await expect(phone.getByRole("heading", { name: WAITS })).toBeVisible();
  return phone;
}

/** Comes with the number that stands on the party's phones. */
async function bring(phone: Page, number: string, name: string): Promise<void> {
  await phone.getByLabel("Your name (optional)").fill(name);
  await phone.getByLabel("Number on their phones").fill(number);
  await phone.getByRole("button", { name: "Ask to join" }).click();
}

/** Those who ask, as a page shows them. */
const asks = (page: Page | Locator) => page.getByTestId("ask");

/** Who sits at the table, as a guest's phone shows it. */
const party = (phone: Page) => phone.getByRole("list", { name: "At this table" }).getByRole("listitem");

const told = (phone: Page) => phone.getByText(/Others join with the number \d{4}/);

async function numberOn(phone: Page): Promise<string> {
  await expect(told(phone)).toBeVisible();
  return (await told(phone).innerText()).match(/\d{4}/)![0];
}

/** What a page loses when it is loaded anew. */
const mark = (page: Page) => page.evaluate(() => void Object.assign(window, { isTheSamePage: true }));
const isTheSame = (page: Page) => page.evaluate(() => "isTheSamePage" in window);

/** Takes somebody off the table, from a phone that came before them. */
async function takeOff(phone: Page, name: string): Promise<void> {
  await phone.getByRole("button", { name: new RegExp(`Take ${name} off the table`) }).click();
  const sheet = phone.getByRole("dialog", { name: `Take ${name} off the table` });
  await sheet.getByRole("button", { name: "Take off the table" }).click();
  await expect(sheet).toBeHidden();
}

test("who comes to a party asks, and whoever sits there lets them in", async ({ people }) => {
  const ana = await people.guest("t1", "Ana");
  const bia = await asking(people, "t1", "Bia");
  await mark(bia);
  await expect(bia.locator("body"), "who asks is told nothing of who sits there").not.toContainText("Ana");
  await expect(asks(ana)).toHaveCount(1);
  await expect(asks(ana)).toContainText("Bia wants to join");
  await asks(ana).getByRole("button", { name: "Let in" }).click();
  await expect(asks(ana)).toHaveCount(0);
  for (const phone of [ana, bia]) {
    await expect(party(phone)).toHaveCount(2);
    await expect(party(phone).filter({ hasText: "Ana" })).toHaveCount(1);
    await expect(party(phone).filter({ hasText: "Bia" })).toHaveCount(1);
  }
  expect(await isTheSame(bia), "nobody has to load the page again").toBe(true);
  await add(bia, "Octopus salad");
  await openOrder(ana);
  await expect(lines(ana).filter({ hasText: "Octopus salad" })).toHaveCount(1);
});

test("a double tap on “Let in” lets one in, though the next who asks slides under the finger", async ({ people }) => {
  const ana = await people.guest("e2", "Ana");
  await asking(people, "e2", "Bia");
  await asking(people, "e2", "Zoe");
  const floor = await people.floor();
  const twice = async (page: Page, rows: Locator, which: "first" | "last") => {
    await expect(rows).toHaveCount(2);
    const { x, y, width, height } = (await rows[which]().getByRole("button", { name: "Let in" }).boundingBox())!;
    const other = await page.evaluate(async ([x, y]) => {
      const under = () => document.elementFromPoint(x, y)!.closest<HTMLElement>("button");
      const row = () => under()?.closest("[data-testid=ask]")?.textContent;
      const before = row();
      under()!.click();
      while (row() === before) await new Promise(requestAnimationFrame);
      under()!.click();
      return row();
    }, [x + width / 2, y + height / 2] as const);
    expect(other, "another one lies under the finger").toContain("wants to join");
    await expect(rows).toHaveCount(1);
  };
  // On a phone the rows lie at the lower edge: the one above slides down.
  await twice(ana, asks(ana), "last");
  await expect(party(ana)).toHaveCount(2);
  await asking(people, "e2", "Eva");
  // In a waiter's panel they lie at the upper edge: the one below slides up.
  const panel = await openPanel(floor, /Table E2/);
  await twice(floor, asks(panel), "first");
  await expect(party(ana)).toHaveCount(3);
  // The table is wanted again below.
  await panel.getByRole("button", { name: "Close table" }).click();
  await panel.getByRole("button", { name: "Yes, close" }).click();
  await expect(ana.getByText("Thank you for coming").first()).toBeVisible();
});

test("what somebody wanted before they asked is in the order once they are let in", async ({ people }) => {
  const ana = await people.guest("t2", "Ana");
  const bia = await people.phone("t2");
  await add(bia, "Octopus salad");
  await ask(bia, "Bia");
  await asks(ana).getByRole("button", { name: "Let in" }).click();
  for (const phone of [ana, bia]) {
    await openOrder(phone);
    await expect(lines(phone)).toHaveCount(1);
    await expect(phone.getByRole("dialog")).toContainText("Bia");
  }
});

test("who is turned away is told so, and may ask once more", async ({ people }) => {
  const ana = await people.guest("t3", "Ana");
  const zoe = await asking(people, "t3", "Zoe");
  await asks(ana).getByRole("button", { name: "No", exact: true }).click();
  await expect(zoe.getByRole("alert").filter({ hasText: TURNED_AWAY })).toBeVisible();
  await expect(zoe.getByRole("heading", { name: WAITS })).toHaveCount(0);
  await expect(asks(ana)).toHaveCount(0);
  await ask(zoe, "Zoe");
  await expect(zoe.getByRole("heading", { name: WAITS })).toBeVisible();
  await expect(zoe.getByText(TURNED_AWAY)).toHaveCount(0);
  // On a page that was made while she waited.
  await zoe.reload();
  await expect(zoe.getByRole("heading", { name: WAITS })).toBeVisible();
  await asks(ana).getByRole("button", { name: "No", exact: true }).click();
  await expect(zoe.getByRole("alert").filter({ hasText: TURNED_AWAY })).toBeVisible();
  await expect(zoe.getByText("Nobody sits here yet")).toHaveCount(0);
  await ask(zoe, "Zoe");
  await asks(ana).getByRole("button", { name: "Let in" }).click();
  await expect(party(zoe)).toHaveCount(2);
});

test("the number on the party's phones lets somebody in without a question, and a wrong one does not", async ({ people }) => {
  people.mayBeAnswered(403);
  const ana = await people.guest("t4", "Ana");
  const number = await numberOn(ana);
  const bia = await people.phone("t4");
  await expect(told(bia), "who only looks does not see it").toHaveCount(0);
  await bring(bia, String((Number(number) + 1) % 10_000).padStart(4, "0"), "Bia");
  await expect(bia.getByRole("alert").filter({ hasText: "That is not the number on their phones." })).toBeVisible();
  await expect(party(bia)).toHaveCount(0);
  await bring(bia, number, "Bia");
  for (const phone of [ana, bia]) await expect(party(phone)).toHaveCount(2);
  await expect(asks(ana)).toHaveCount(0);
  expect(await numberOn(bia), "whoever sits there can pass it on").toBe(number);
});

test("somebody is taken off the table, is told so, and comes back as themselves where the party says so", async ({ people }) => {
  const ana = await people.guest("t5", "Ana");
  const eva = await people.phone("t5");
  await bring(eva, await numberOn(ana), "Eva");
  await add(eva, "Octopus salad");
  await expect(ana.getByRole("button", { name: /View the order/ })).toContainText("1 item");
  await expect(eva.getByRole("button", { name: /Take Ana off/ }), "who came later takes nobody off who came first").toHaveCount(0);

  await takeOff(ana, "Eva");
  await expect(eva.getByRole("heading", { name: "You are not at this table any more" })).toBeVisible();
  await expect(party(eva)).toHaveCount(0);
  await expect(party(ana)).toHaveCount(1);
  await expect(ana.getByRole("button", { name: /View the order/ }), "what she had not sent has gone with her").toHaveCount(0);
  await expect(told(ana), "she has read the number").toHaveCount(0);
  await eva.reload();
  await expect(party(eva), "nor is she there after a reload").toHaveCount(0);
  await expect(eva.getByLabel("Number on their phones")).toHaveCount(0);

  await ask(eva, "Eva", { back: true });
  await expect(asks(ana)).toContainText("Eva was here already, and wants back");
  await expect(asks(ana).getByLabel("Who is it?").locator("option:checked")).toHaveText("Eva");
  await asks(ana).getByRole("button", { name: "Let in" }).click();
  for (const phone of [ana, eva]) {
    await expect(party(phone)).toHaveCount(2);
    await expect(party(phone).filter({ hasText: "Eva" })).toHaveCount(1);
  }
  await expect(party(eva).filter({ hasText: "Eva (you)" })).toHaveCount(1);
});

for (const { page, table } of [{ page: "on which they had come in", table: ANY_TABLE }, { page: "that was made while they sat there", table: "t6" }]) {
  test(`who was taken off asks from a page ${page}`, async ({ people }) => {
    const ana = await people.guest(table, "Ana");
    const eva = await people.phone(table);
    await bring(eva, await numberOn(ana), "Eva");
    await expect(party(eva)).toHaveCount(2);
    if (table === "t6") await eva.reload();
    await takeOff(ana, "Eva");
    await expect(eva.getByRole("heading", { name: "You are not at this table any more" })).toBeVisible();
    await ask(eva, "Eva", { back: true });
    await expect(eva.getByRole("heading", { name: WAITS })).toBeVisible();
    await asks(ana).getByRole("button", { name: "Let in" }).click();
    await expect(party(eva).filter({ hasText: "Eva (you)" })).toHaveCount(1);
    await expect(party(ana)).toHaveCount(2);
    await add(eva, "Octopus salad");
    await expect(ana.getByRole("button", { name: /View the order/ })).toContainText("1 item");
  });
}

test("a second phone takes one's place again, and both are the same guest", async ({ people }) => {
  const ana = await people.guest("t7", "Ana");
  const second = await people.phone("t7");
  await ask(second, "Ana", { back: true });
  await expect(asks(ana).getByLabel("Who is it?").locator("option:checked")).toHaveText("Ana");
  await asks(ana).getByRole("button", { name: "Let in" }).click();
  for (const phone of [ana, second]) {
    await expect(party(phone)).toHaveCount(1);
    await expect(party(phone)).toContainText("Ana (you)");
  }
});

test("without a script one asks, waits, and comes in by looking again; a wrong number is told", async ({ people }) => {
  const ana = await people.guest("t8", "Ana");
  const number = await numberOn(ana);
  const zoe = await people.phone("t8", { javaScriptEnabled: false });
  const submit = zoe.locator(".join-form button[type=submit]");
  await zoe.locator("input[name=name]").fill("Zoe");
  await zoe.locator("input[name=number]").fill(number === "0000" ? "1111" : "0000");
  await submit.click();
  await expect(zoe.getByText("That is not the number on their phones.")).toBeVisible();
  await expect(zoe.locator("input[name=name]")).toHaveValue("Zoe");
  await submit.click();
  const waits = zoe.getByRole("heading", { name: WAITS });
  await expect(waits).toBeVisible();
  await zoe.getByRole("link", { name: "Look again" }).click();
  await expect(waits, "nobody has answered yet").toBeVisible();
  await asks(ana).getByRole("button", { name: "Let in" }).click();
  await expect(party(ana)).toHaveCount(2);
  await zoe.getByRole("link", { name: "Look again" }).click();
  await expect(waits).toHaveCount(0);
  await expect(party(zoe).filter({ hasText: "Zoe" })).toHaveCount(1);
});

/** The panel that a button of the floor opens. */
async function openPanel(floor: Page, button: RegExp): Promise<Locator> {
  await floor.getByRole("button", { name: button }).click();
  const panel = floor.getByRole("dialog");
  await expect(panel).toBeVisible();
  return panel;
}

test("a waiter who looks at a table lets somebody in, and takes somebody off", async ({ people }) => {
  const floor = await people.floor();
  const ana = await people.guest("t10", "Ana");
  const bia = await asking(people, "t10", "Bia");
  const panel = await openPanel(floor, /Table 10.*Choosing/);
  await asks(panel).getByRole("button", { name: "Let in" }).click();
  await expect(party(bia)).toHaveCount(2);
  await expect(asks(ana), "it is answered for everybody").toHaveCount(0);
  await panel.getByRole("button", { name: "Take Bia off the table" }).click();
  await panel.getByRole("button", { name: "Take off the table", exact: true }).click();
  await expect(bia.getByRole("heading", { name: "You are not at this table any more" })).toBeVisible();
  await expect(party(ana)).toHaveCount(1);
});

test("where only staff let people in, a waiter opens the table and is called to the door, and guests are not asked", async ({ people, server }) => {
  await server.rules({ joining: "staff" });
  const floor = await people.floor();
  const ana = await people.phone("t9");
  await expect(ana.getByText("Please ask somebody who works here to open the table.")).toBeVisible();
  await (await openPanel(floor, /Table 9.*Free/)).getByRole("button", { name: "Open table" }).click();
  await expect(floor.getByRole("dialog").getByRole("button", { name: "Close table" })).toBeVisible();
  await floor.keyboard.press("Escape");
  await ana.reload();
  await ask(ana, "Ana");
  await expect(ana.getByText("Somebody who works here lets you in.")).toBeVisible();
  const panel = await openPanel(floor, /Table 9.*1 at the door/);
  await asks(panel).getByRole("button", { name: "Let in" }).click();
  await expect(party(ana)).toHaveCount(1);
  await asking(people, "t9", "Bia");
  await expect(asks(panel)).toContainText("Bia wants to join");
  await expect(asks(ana)).toHaveCount(0);
  await server.rules({ joining: "approve" });
});

test("where the house wants it, a first round waits for a waiter, who declines it with a reason, and then accepts", async ({ people, server }) => {
  await server.rules({ joining: "approve", approve_first_round: true });
  const [kitchen, floor] = [await people.kitchen(), await people.floor()];
  const ana = await people.guest("e1", "Ana");
  await add(ana, "Chocolate mousse");
  const order = ana.getByRole("dialog");
  const send = async () => {
    await ana.getByRole("button", { name: /Send to the kitchen/ }).click();
    await ana.getByRole("button", { name: "Send now" }).click();
    await expect(order).toContainText("Waits for the waiter");
    await expect(lines(ana)).toHaveCount(0);
  };
  await openOrder(ana);
  await send();
  const tickets = kitchen.getByRole("article").filter({ hasText: "Chocolate mousse" });

  const panel = await openPanel(floor, /Table E1.*First order/);
  const first = panel.getByRole("region", { name: /First order/ });
  await expect(first).toContainText("Chocolate mousse");
  await expect(tickets, "the kitchen knows nothing of it").toHaveCount(0);
  await first.getByLabel("Why not? The guests read it.").fill("The mousse is still warm.");
  await first.getByRole("button", { name: "Don’t accept" }).click();
  await expect(first).toHaveCount(0);
  await expect(order).toContainText("Not accepted: The mousse is still warm.");
  await expect(lines(ana), "it lies in the cart again").toHaveCount(1);
  await expect(order).not.toContainText("Waits for the waiter");

  await send();
  await expect(order).not.toContainText("Not accepted");
  await first.getByRole("button", { name: "To the kitchen" }).click();
  await expect(tickets).toHaveCount(1);
  await expect(order).toContainText("Received");
  await expect(order).not.toContainText("Waits for the waiter");
  // From the second on nobody is asked.
  await ana.keyboard.press("Escape");
  await add(ana, "Seasonal fruit");
  await openOrder(ana);
  await ana.getByRole("button", { name: /Send to the kitchen/ }).click();
  await ana.getByRole("button", { name: "Send now" }).click();
  await expect(kitchen.getByRole("article").filter({ hasText: "Seasonal fruit" })).toHaveCount(1);
  await server.rules({ joining: "approve" });
});

/** A manager's tablet, at the page of who works here. */
async function managing(people: People): Promise<Page> {
  const page = await people.staff("manager");
  await page.getByRole("link", { name: "Staff and devices" }).click();
  await expect(page.getByRole("heading", { name: "Staff and devices" })).toBeVisible();
  return page;
}

/** Somebody, or a device, on that page. */
const entry = (page: Page, part: "Who works here" | "Devices", hasText: string | RegExp) =>
  page.getByRole("region", { name: part }).locator("li").filter({ hasText });

async function unfold(of: Locator): Promise<void> {
  await of.locator("summary").first().click();
}

/** Lets somebody work here, from the page of who works here. */
async function employ(page: Page, name: string, id: string, { role = "Waiter", pin = "" } = {}): Promise<void> {
  const form = page.locator(".person-new").filter({ hasText: "Add somebody" });
  await unfold(form);
  await form.getByLabel("Name", { exact: true }).fill(name);
  await form.getByLabel(/Signs in as/).fill(id);
  await form.getByLabel("Works as").selectOption(role);
  await form.getByLabel(/New password/).fill(PASSWORD);
  await form.getByLabel(/PIN/).fill(pin);
  await form.getByRole("button", { name: "Add somebody" }).click();
}

/** Takes over the tablet that is at its sign-in. */
async function takeOver(tablet: Page, name: string, pin: string): Promise<void> {
  await tablet.getByRole("combobox", { name: "Name" }).selectOption(name);
  await tablet.getByLabel("PIN").fill(pin);
  await tablet.getByRole("button", { name: "Take over this device" }).click();
}

/** A page that says that nobody is signed in, and leads to where one does it. */
async function isSignedOut(people: People, page: Page): Promise<void> {
  await expect(page.getByText("Please sign in").first()).toBeAttached();
  people.mayBeAnswered(401);
  await page.getByRole("link", { name: "Sign in" }).click();
  await expect(page.getByText("This screen is for people who work here.")).toBeVisible();
  await page.getByRole("link", { name: "Sign in" }).click();
  await expect(page.getByLabel("Password")).toBeVisible();
  await expect(page.getByLabel("PIN"), "a PIN opens nothing that is not signed in").toHaveCount(0);
}

test("a manager adds somebody, who takes over a tablet by PIN and sees nothing of who works here", async ({ people }) => {
  for (const status of [401, 403]) people.mayBeAnswered(status);
  const marta = await managing(people);
  await employ(marta, "Zé Luís", "ze", { pin: "4271" });
  const ze = entry(marta, "Who works here", "Zé Luís");
  await expect(ze).toContainText("Waiter");
  await expect(ze).toContainText("has a PIN");
  await employ(marta, "Another Zé", "ze");
  await expect(marta.getByRole("alert")).toContainText("Somebody signs in as that already.");
  await expect(entry(marta, "Who works here", "Another Zé")).toHaveCount(0);

  const tablet = await people.floor();
  await tablet.getByRole("link", { name: "Rui" }).click();
  await takeOver(tablet, "Zé Luís", "1724");
  await expect(tablet.getByRole("alert")).toContainText("That PIN is wrong.");
  await takeOver(tablet, "Zé Luís", "4271");
  await tablet.waitForURL("**/floor");
  await expect(tablet.getByRole("link", { name: "Zé Luís" })).toBeVisible();
  await expect(tablet.getByRole("link", { name: "Staff and devices" }), "that is for managers").toHaveCount(0);
  await tablet.goto(marta.url());
  await expect(tablet.getByText("Your role can't do that.")).toBeVisible();
  await expect(tablet.getByRole("heading", { name: "Devices", exact: true })).toHaveCount(0);
});

test("a manager who took over by PIN is asked for the password before seeing who works here", async ({ people, server }) => {
  for (const status of [400, 403]) people.mayBeAnswered(status);
  const marta = await managing(people);
  const me = entry(marta, "Who works here", "Marta");
  await unfold(me);
  const pin = me.locator("form").filter({ has: marta.getByLabel(/PIN/) });
  await pin.getByLabel(/PIN/).fill("4271");
  await pin.getByRole("button", { name: "Save" }).click();
  await expect(marta.getByRole("alert"), "a manager's is longer").toContainText("a manager’s 6 to 8");
  await unfold(me);
  await pin.getByLabel(/PIN/).fill("427193");
  await pin.getByRole("button", { name: "Save" }).click();
  await expect(me, "who sets one's own secret stays signed in").toContainText("has a PIN");

  const tablet = await people.floor();
  await tablet.getByRole("link", { name: "Rui" }).click();
  await takeOver(tablet, "Marta", "427193");
  await tablet.waitForURL("**/floor");
  await tablet.getByRole("link", { name: "Staff and devices" }).click();
  await expect(tablet.getByText("For this, sign in with your password.")).toBeVisible();
  await expect(tablet.getByRole("heading", { name: "Devices", exact: true })).toHaveCount(0);
  await tablet.getByRole("link", { name: "Sign in" }).click();
  await expect(tablet.getByLabel("PIN"), "a PIN is no way there").toHaveCount(0);
  await tablet.getByLabel("Name").fill("manager");
  await tablet.getByLabel("Password").fill(server.links.password);
  await tablet.getByRole("button", { name: "Sign in" }).click();
  await expect(tablet.getByRole("heading", { name: "Devices", exact: true })).toBeVisible();
});

test("one device is signed out, and goes to its sign-in; the others stay", async ({ people }) => {
  const marta = await managing(people);
  await employ(marta, "Inês", "ines");
  await employ(marta, "Tomás", "tomas");
  const ines = await people.staff("ines", "floor", {}, PASSWORD);
  const tomas = await people.staff("tomas", "floor", {}, PASSWORD);
  const wall = await people.kitchen();
  await marta.getByRole("link", { name: "Look again" }).click();
  const lost = entry(marta, "Devices", "Signed in by Inês");
  await expect(lost).toContainText("Inês is on it now");
  await unfold(lost);
  await lost.getByLabel("Call it").fill("Terrace");
  await lost.getByRole("button", { name: "Save" }).click();
  const terrace = entry(marta, "Devices", "Terrace");
  await unfold(terrace);
  await terrace.getByRole("button", { name: "Sign out" }).click();
  await expect(terrace).toContainText("Signed out");
  await isSignedOut(people, ines);
  // The others do their work as before.
  await (await openPanel(tomas, /Table E2.*Free/)).getByRole("button", { name: "Open table" }).click();
  await expect(tomas.getByRole("dialog").getByRole("button", { name: "Close table" })).toBeVisible();
  await expect(tomas.getByText("Please sign in")).toHaveCount(0);
  await expect(wall.getByText("Please sign in")).toHaveCount(0);
  await expect(entry(marta, "Devices", "Signed in by Tomás")).toHaveCount(1);
});

test("who does not work here any more is signed out at once, and the last manager stays", async ({ people }) => {
  people.mayBeAnswered(403);
  const marta = await managing(people);
  await employ(marta, "Olga", "olga", { pin: "9346" });
  await employ(marta, "Nuno", "nuno", { role: "Kitchen" });
  const wall = await people.staff("nuno", "kitchen", {}, PASSWORD);
  const remove = async (name: string) => {
    const somebody = entry(marta, "Who works here", name);
    await unfold(somebody);
    await somebody.getByText("Remove…").click();
    await somebody.getByRole("button", { name: `Yes, remove ${name}` }).click();
  };
  await remove("Nuno");
  await expect(entry(marta, "Who works here", "Nuno")).toHaveCount(0);
  await expect(marta.getByRole("alert")).toHaveCount(0);
  await isSignedOut(people, wall);
  await remove("Marta");
  await expect(marta.getByRole("alert")).toContainText("Make somebody else a manager first.");
  await expect(entry(marta, "Who works here", "Marta")).toHaveCount(1);
});

/** Everything that can be unfolded. */
async function unfoldAll(page: Page): Promise<void> {
  await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
}

test("whatever the door shows fits a phone and a tablet, and is large enough for a finger", async ({ people }) => {
  const fits = async (page: Page, of: string) => {
    for (const size of [PHONE, TABLET]) {
      await page.setViewportSize(size);
      await expect.poll(() => beyond(page), `${of} at ${size.width}`).toBe(0);
      expect(await tooSmall(page), `${of} at ${size.width}`).toEqual([]);
    }
  };
  const marta = await managing(people);
  await employ(marta, "Maximiliana-Wilhelmina von und zu Hohenb", "maximiliana-wilhelmina-von-und-zu-hohenburg", { pin: "5283" });
  await fits(marta, "staff and devices");
  await unfoldAll(marta);
  await fits(marta, "staff and devices, unfolded");
  const tablet = await people.staff("maximiliana-wilhelmina-von-und-zu-hohenburg", "floor", {}, PASSWORD);
  await fits(tablet, "the floor");
  await tablet.getByRole("link", { name: /Maximiliana/ }).click();
  await fits(tablet, "taking over");
  await unfoldAll(tablet);
  await fits(tablet, "taking over, unfolded");
  const ana = await people.guest("e3", "Ana");
  const bia = await people.phone("e3");
  await fits(bia, "asking");
  await ask(bia, "Maximiliana-Wilhelmina von und zu Hohenb", { back: true });
  await expect(bia.getByRole("heading", { name: WAITS })).toBeVisible();
  await fits(bia, "waiting");
  await expect(asks(ana)).toBeVisible();
  await fits(ana, "being asked");
  await asks(ana).getByRole("button", { name: "Let in" }).click();
  await expect(party(bia)).toHaveCount(2);
  await fits(bia, "at the table");
  await takeOff(ana, "Maximiliana-Wilhelmina von und zu Hohenb");
  await expect(bia.getByRole("heading", { name: "You are not at this table any more" })).toBeVisible();
  await fits(bia, "taken off");
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing at any door, ${colorScheme}`, async ({ people, server }) => {
    people.mayBeAnswered(401);
    await server.rules({ joining: "approve", approve_first_round: true });
    const table = colorScheme === "light" ? "b1" : "e4";
    const marta = await people.staff("manager", "floor", { colorScheme });
    const ana = await people.phone(table, { colorScheme });
    await join(ana, "Ana");
    const bia = await people.phone(table, { colorScheme });
    await reachable(bia);
    await ask(bia, "Bia", { back: true });
    await expect(bia.getByRole("heading", { name: WAITS })).toBeVisible();
    await reachable(bia);
    await expect(asks(ana)).toBeVisible();
    await reachable(ana);
    await add(ana, "Octopus salad");
    await openOrder(ana);
    await ana.getByRole("button", { name: /Send to the kitchen/ }).click();
    await ana.getByRole("button", { name: "Send now" }).click();
    await expect(ana.getByRole("dialog")).toContainText("Waits for the waiter");
    await reachable(ana);

    const panel = await openPanel(marta, new RegExp(`Table ${table}.*First order`, "i"));
    await reachable(marta);
    await panel.getByLabel("Why not? The guests read it.").fill("Not today.");
    await panel.getByRole("button", { name: "Don’t accept" }).click();
    await expect(ana.getByRole("dialog")).toContainText("Not accepted: Not today.");
    await reachable(ana);
    await panel.getByRole("button", { name: "No", exact: true }).click();
    await expect(bia.getByText(TURNED_AWAY)).toBeVisible();
    await reachable(bia);
    await ask(bia, "Bia");
    await panel.getByRole("button", { name: "Let in" }).click();
    await expect(party(bia)).toHaveCount(2);
    await panel.getByRole("button", { name: "Take Bia off the table" }).click();
    await reachable(marta);
    await panel.getByRole("button", { name: "Take off the table", exact: true }).click();
    await expect(bia.getByRole("heading", { name: "You are not at this table any more" })).toBeVisible();
    await reachable(bia);

    await marta.keyboard.press("Escape");
    await marta.getByRole("link", { name: "Staff and devices" }).click();
    await expect(marta.getByRole("heading", { name: "Devices", exact: true })).toBeVisible();
    await unfoldAll(marta);
    await reachable(marta);
    const name = colorScheme === "light" ? "Lia" : "Dora";
    await employ(await managing(people), name, name.toLowerCase(), { pin: "5283" });
    await marta.goto(`${server.links.sign_in}?to=floor`);
    await takeOver(marta, name, "0000");
    await expect(marta.getByRole("alert")).toBeVisible();
    await unfoldAll(marta);
    await reachable(marta);
    await server.rules({ joining: "approve" });
  });
}
