// The pages in Chromium: phones, the kitchen's wall and the floor's tablet, against the real server.
import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: ".",
  // Two cores carry one restaurant at a time.
  workers: 1,
  // A test that passes at the second try hides a race.
  retries: 0,
  // Bounds, not expectations: the machine may be busy with other things, and stop for some seconds.
  timeout: 240_000,
  expect: { timeout: 45_000 },
  reporter: [["list"]],
  outputDir: "test-results",
  projects: [
    { name: "restaurant", testIgnore: "cluster.spec.ts" },
    // What it stands on has to be installed: `cargo xtask test cluster`.
    { name: "cluster", testMatch: "cluster.spec.ts" },
  ],
  use: {
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
