import { defineConfig } from "vitest/config";
import { NamesRetries, RETRIES } from "./test/playbook/names-retries.ts";

/** These tests replace parts of Node or of their own process: each file has a process to itself. */
const APART = ["test/integrations/**/*.test.ts", "test/io/intercept/**/*.test.ts"];
/** The modules of the rest keep nothing from one file to the next, so that a process loads them once. */
const TOGETHER = "test/**/*.test.ts";
const E2E = "test/e2e/**";

export default defineConfig({
  test: {
    // What vite makes of a source is kept in node_modules until the source changes: a third of a run was that.
    experimental: { fsModuleCache: true },
    setupFiles: ["test/playbook/seed.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    retry: RETRIES,
    reporters: ["default", new NamesRetries()],
    // Vitest leaves a core to itself, which is half of a machine with two.
    maxWorkers: "100%",
    // test/integrations/fifty-tests-at-once.test.ts means it.
    maxConcurrency: 50,
    projects: [
      { extends: true, test: { name: "together", include: [TOGETHER], exclude: [...APART, E2E], isolate: false } },
      { extends: true, test: { name: "apart", include: APART } },
    ],
  },
});
