// Several servers behind a balancer, for each worker: `cargo xtask cluster`, with a directory of its own.
import { expect, test as base, type Page } from "@playwright/test";
import { spawn, type ChildProcess } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { BINARY, People, type Restaurant, type VenueLinks } from "./restaurant";

const XTASK = process.env.COMANDA_XTASK ?? join(__dirname, "../../target/debug/xtask");
/** The first start makes a database. */
const START_TIMEOUT_MS = 180_000;
/** Servers, then what they stand on. */
const STOP_TIMEOUT_MS = 90_000;

interface Member {
  name: string;
  address: string;
  pid: number;
}

interface Told {
  url: string;
  links: string;
  servers: Member[];
  balancer: Member;
  redis: Member;
  postgres: Member;
}

/** A running cluster. */
export class Cluster implements Restaurant {
  readonly links: VenueLinks;

  private constructor(
    private readonly process: ChildProcess,
    private readonly data: string,
    private readonly said: () => string,
  ) {
    this.links = JSON.parse(readFileSync(this.told.links, "utf8")).venues.tasca;
  }

  static async start(): Promise<Cluster> {
    const data = mkdtempSync(join(tmpdir(), "comanda-cluster-"));
    // PostgreSQL may be somebody else.
    chmodSync(data, 0o711);
    const env = { ...process.env, COMANDA_DEMO_JOINING: "open" };
    const child = spawn(XTASK, ["cluster", "--bin", BINARY, "--port", "0", "--data", data], { env, stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    for (const output of [child.stdout, child.stderr]) output?.on("data", (bytes) => (said += bytes));
    const end = Date.now() + START_TIMEOUT_MS;
    while (!existsSync(join(data, "cluster.json"))) {
      if (child.exitCode !== null || Date.now() > end) {
        child.kill();
        throw new Error(`the cluster did not start:\n${said}`);
      }
      await new Promise((done) => setTimeout(done, 50));
    }
    return new Cluster(child, data, () => said);
  }

  /** Where everything is at this moment: what was killed comes back as another process. */
  get told(): Told {
    return JSON.parse(readFileSync(join(this.data, "cluster.json"), "utf8"));
  }

  /** Ends one of its processes in the middle of everything. */
  kill(member: Member): void {
    process.kill(member.pid, "SIGKILL");
  }

  /** The same, and it stays away until it is let back: whoever brings it back is frozen so long. */
  keepAway(member: Member): void {
    this.process.kill("SIGSTOP");
    this.kill(member);
  }

  letBack(): void {
    this.process.kill("SIGCONT");
  }

  async stop(): Promise<void> {
    this.letBack();
    const ended = new Promise<number | null>((done) => this.process.once("exit", done));
    this.process.kill("SIGTERM");
    const late = new Promise<"late">((done) => setTimeout(() => done("late"), STOP_TIMEOUT_MS));
    const how = await Promise.race([ended, late]);
    if (how !== 0) throw new Error(`the cluster did not stop in order (${how}):\n${this.said()}`);
    rmSync(this.data, { recursive: true, force: true });
  }
}

/** Which server a page's live connection is on, as the balancer told it at the last handshake. */
export class Connection {
  private constructor(private name = "") {}

  /** Watches from now on: a page that is loaded already has to be loaded again. */
  static async of(page: Page): Promise<Connection> {
    const connection = new Connection();
    const browser = await page.context().newCDPSession(page);
    browser.on("Network.webSocketHandshakeResponseReceived", ({ response }) => {
      const told = Object.entries(response.headers).find(([header]) => header.toLowerCase() === "x-served-by");
      connection.name = told?.[1] ?? "";
    });
    await browser.send("Network.enable");
    return connection;
  }

  /** Empty before the first handshake. */
  get server(): string {
    return this.name;
  }

  /** Loads the page again, and waits for its new connection. */
  async anew(page: Page): Promise<void> {
    this.name = "";
    await page.reload();
    await expect.poll(() => this.name, "the live connection").not.toBe("");
  }
}

export const test = base.extend<{ people: People }, { cluster: Cluster }>({
  cluster: [
    async ({}, use) => {
      const cluster = await Cluster.start();
      await use(cluster);
      await cluster.stop();
    },
    { scope: "worker", timeout: START_TIMEOUT_MS + STOP_TIMEOUT_MS },
  ],
  people: async ({ browser, cluster }, use) => {
    const people = new People(browser, cluster);
    await use(people);
    // Where the test has failed in between.
    cluster.letBack();
    await people.leave();
    expect(people.complaints, "no console complains").toEqual([]);
  },
});

export { expect };
