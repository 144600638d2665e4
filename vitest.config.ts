import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { NamesRetries, RETRIES } from "./test/playbook/names-retries.ts";

/** Tests of integrations that start processes or ask over sockets, and replace nothing in their own. */
const HARMLESS = [
  "a-test-finds-its-cassette",
  "an-update-records-anew",
  "cassettes-are-inserted-over-http",
  "examples-in-comments-run",
  "obsolete-cassettes-are-found",
  "runs-tell-of-cassettes",
  "types-say-what-they-are",
];
/** These tests replace parts of Node or of their own process: each file has a process to itself. */
const APART = [
  `test/integrations/!(${HARMLESS.join("|")}).test.ts`,
  "test/io/intercept/**/*.test.ts",
  // It puts a disk of its own in the place of node:fs, which others may have loaded before.
  "test/io/held-documents-are-written-together.test.ts",
];
/** The modules of the rest keep nothing from one file to the next, so that a process loads them once. */
const TOGETHER = "test/**/*.test.ts";
const E2E = "test/e2e/**";

export default defineConfig({
  test: {
    // What vite makes of a source is kept in node_modules until the source changes.
    experimental: { fsModuleCache: true },
    setupFiles: ["test/playbook/seed.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    retry: RETRIES,
    reporters: ["default", new NamesRetries()],
    // One more than there are cores: tests also wait, for processes, sockets and timers.
    maxWorkers: availableParallelism() + 1,
    // test/integrations/fifty-tests-at-once.test.ts means it.
    maxConcurrency: 50,
    projects: [
      { extends: true, test: { name: "together", include: [TOGETHER], exclude: [...APART, E2E], isolate: false } },
      { extends: true, test: { name: "apart", include: APART } },
    ],
  },
});
