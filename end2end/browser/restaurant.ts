// A restaurant for each test: the real server with a table of its own, and people with their devices.
import { test as base, expect, type Browser, type BrowserContext, type Page, type WebSocket } from "@playwright/test";
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { io } from "socket.io-client";

export const BINARY = process.env.COMANDA_BIN ?? join(__dirname, "../../target/debug/comanda");
const VENUE = "tasca";
const START_TIMEOUT_MS = 90_000;
const ANSWER_TIMEOUT_MS = 45_000;

export interface VenueLinks {
  tables: Record<string, string>;
  floor: string;
  kitchen: string;
  sign_in: string;
  password: string;
}

/** What people come to: one server, or several behind a balancer. */
export interface Restaurant {
  readonly links: VenueLinks;
}

/** A running server. */
export class Server implements Restaurant {
  private constructor(
    readonly links: VenueLinks,
    readonly base: string,
    private readonly process: ChildProcess,
    private readonly data: string,
  ) {}

  /** Starts one where whoever has a table's code joins there, unless the house has it otherwise. */
  static async start(joining = "open"): Promise<Server> {
    const data = mkdtempSync(join(tmpdir(), "comanda-browser-"));
    const file = join(data, "links.json");
    const options = ["--port", "0", "--data", data, "--links", file, "--demo-joining", joining];
    const child = spawn(BINARY, ["demo", ...options], { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr?.on("data", (bytes) => (said += bytes));
    const end = Date.now() + START_TIMEOUT_MS;
    while (!existsSync(file)) {
      if (child.exitCode !== null || Date.now() > end) throw new Error(`the server did not start:\n${said}`);
      await new Promise((done) => setTimeout(done, 50));
    }
    const links = JSON.parse(readFileSync(file, "utf8"));
    return new Server(links.venues[VENUE], links.base, child, data);
  }

  /** The house's rules from now on; parties that have sat down keep theirs. There is no page for them: this is the channel. */
  async rules(changed: object): Promise<void> {
    const form = new URLSearchParams({ venue: VENUE, staff: "manager", password: this.links.password, to: "floor" });
    const signedIn = await fetch(`${this.base}/api/sign-in`, { method: "POST", body: form, redirect: "manual" });
    const cookie = signedIn.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const auth = { protocol: 1, venue: VENUE, as: "staff" };
    const socket = io(this.base, { auth, transports: ["websocket"], extraHeaders: { cookie }, forceNew: true, reconnection: false });
    try {
      const command = { type: "set_house_rules", rules: { watch_after_min: 5, late_after_min: 8, ...changed } };
      const mutation = randomUUID().replaceAll("-", "");
      const answer = await socket.timeout(ANSWER_TIMEOUT_MS).emitWithAck("command", { mutation, stream: `floor/${VENUE}`, command });
      if (!answer.accepted && answer.refused?.reason !== "unchanged") throw new Error(`the house keeps its rules: ${JSON.stringify(answer)}`);
    } finally {
      socket.disconnect();
    }
  }

  async stop(): Promise<void> {
    const ended = new Promise((done) => this.process.once("exit", done));
    this.process.kill("SIGKILL");
    await ended;
    rmSync(this.data, { recursive: true, force: true });
  }
}

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const TABLET = { viewport: { width: 1180, height: 820 }, hasTouch: true };
const WALL = { viewport: { width: 1920, height: 1080 }, hasTouch: false };

/** The table for tests that don't mind who else has been there. Every other belongs to one test, which finds it empty. */
export const ANY_TABLE = "b2";

/** Whose each table is. */
const owners = new WeakMap<Restaurant, Map<string, People>>();

/** People with devices. What any of their consoles complains of is kept, and fails the test. */
export class People {
  readonly complaints: string[] = [];
  private readonly contexts: BrowserContext[] = [];
  /** Each page with its live connections. */
  private readonly connections = new Map<Page, Set<WebSocket>>();
  private losesServer = false;
  /** What the browser itself notes of an answer. */
  private readonly answers = new Set<number>();

  constructor(
    private readonly browser: Browser,
    readonly server: Restaurant,
  ) {}

  /** From now on the browser may say that a connection broke: the test kills a server. */
  mayLoseServer(): void {
    this.losesServer = true;
  }

  /** From now on the browser may note that something was answered so; nothing else may complain. */
  mayBeAnswered(status: number): void {
    this.answers.add(status);
  }

  async device(options: Parameters<Browser["newContext"]>[0]): Promise<Page> {
    const context = await this.browser.newContext({ locale: "en-GB", ...options });
    this.contexts.push(context);
    const page = await context.newPage();
    page.on("console", (message) => {
      // A phone that was taken offline by the test may say that it is offline.
      const offline = /ERR_INTERNET_DISCONNECTED/.test(message.text());
      const broken = this.losesServer && /WebSocket connection to .* failed|Failed to load resource/.test(message.text());
      const answered = [...this.answers].some((status) => message.text().includes(`responded with a status of ${status}`));
      if (["error", "warning"].includes(message.type()) && !offline && !broken && !answered) this.complaints.push(`${page.url()}: ${message.text()}`);
    });
    const open = new Set<WebSocket>();
    this.connections.set(page, open);
    // A page that goes away takes its connections along, and nobody is told.
    page.on("request", (request) => {
      if (request.isNavigationRequest() && request.frame() === page.mainFrame()) open.clear();
    });
    page.on("websocket", (socket) => {
      open.add(socket);
      socket.on("close", () => open.delete(socket));
    });
    page.on("pageerror", (error) => this.complaints.push(`${page.url()}: ${error.message}`));
    return page;
  }

  /** A phone at the table's menu; nobody yet. */
  async phone(table: string, options = {}): Promise<Page> {
    this.takes(table);
    const page = await this.device({ ...PHONE, ...options });
    await page.goto(this.server.links.tables[table]);
    return page;
  }

  private takes(table: string): void {
    if (table === ANY_TABLE) return;
    const ofTables = owners.get(this.server) ?? new Map<string, People>();
    owners.set(this.server, ofTables);
    if ((ofTables.get(table) ?? this) !== this) throw new Error(`${table} is another test's: take one of your own, or ANY_TABLE`);
    ofTables.set(table, this);
  }

  /** A phone whose owner has joined. */
  async guest(table: string, name: string): Promise<Page> {
    const page = await this.phone(table);
    await join_(page, name);
    return page;
  }

  async kitchen(): Promise<Page> {
    return this.staff("kitchen", "kitchen", WALL);
  }

  async floor(): Promise<Page> {
    return this.staff("waiter");
  }

  /** A tablet, or another device, on which somebody has signed in by password. */
  async staff(name: string, surface: "kitchen" | "floor" = "floor", device: object = {}, password = this.server.links.password): Promise<Page> {
    const page = await this.device({ ...TABLET, ...device });
    await page.goto(`${this.server.links.sign_in}?to=${surface}`);
    await page.getByLabel("Name").fill(name);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("radio", { name: surface === "kitchen" ? "Kitchen" : "Floor" }).check({ force: true });
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL(`**/${surface}`);
    return page;
  }

  async leave(): Promise<void> {
    for (const [page, open] of this.connections) {
      if (open.size > 1) this.complaints.push(`${page.url()}: ${open.size} live connections`);
    }
    await Promise.all(this.contexts.map((context) => context.close()));
  }
}

/** Joins the table that the phone looks at. */
async function join_(page: Page, name: string): Promise<void> {
  await page.getByLabel("Your name (optional)").fill(name);
  await page.getByRole("button", { name: "Join", exact: true }).click();
  await expect(page.getByLabel("Your name (optional)")).toHaveCount(0);
}

export { join_ as join };

/** Adds a dish that asks nothing. */
export async function add(page: Page, dish: string): Promise<void> {
  await page.getByRole("button", { name: `Add ${dish}`, exact: true }).click();
}

/** Opens the shared order. */
export async function openOrder(page: Page): Promise<void> {
  await page.getByRole("button", { name: /View the order/ }).click();
  await expect(page.getByRole("dialog", { name: "The table's order" })).toBeVisible();
}

/** The lines of the shared order, while it is open. */
export const lines = (page: Page) => page.getByTestId("cart-line");

export const test = base.extend<{ people: People }, { joining: string; server: Server }>({
  /** What it takes to join a party, of who has the table's code. */
  joining: ["open", { scope: "worker", option: true }],
  server: [
    async ({ joining }, use) => {
      const server = await Server.start(joining);
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
  people: async ({ browser, server }, use) => {
    const people = new People(browser, server);
    await use(people);
    await people.leave();
    expect(people.complaints, "no console complains").toEqual([]);
  },
});

export { expect };
