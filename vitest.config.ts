import { defineConfig } from "vitest/config";
import { NamesRetries, RETRIES } from "./test/playbook/names-retries.ts";

/** Rooms without input and output, whose modules keep nothing from one test file to the next. */
const PURE = [
  "base",
  "yaml",
  "wire",
  "cassette",
  "match",
  "session",
  "record",
  "replay",
  "faults",
  "userland",
  "mock",
].map((room) => `test/${room}/**/*.test.ts`);
const ALL = "test/**/*.test.ts";
const E2E = "test/e2e/**";

export default defineConfig({
  test: {
    setupFiles: ["test/playbook/seed.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    retry: RETRIES,
    reporters: ["default", new NamesRetries()],
    // test/integrations/fifty-tests-at-once.test.ts means it.
    maxConcurrency: 50,
    projects: [
      { extends: true, test: { name: "rooms", include: PURE, isolate: false } },
      { extends: true, test: { name: "world", include: [ALL], exclude: [...PURE, E2E] } },
    ],
  },
});
