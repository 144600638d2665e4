import { defineConfig } from "vitest/config";
import { ALONE, LongestFirst } from "./test/playbook/e2e-files.ts";
import { NamesRetries, RETRIES } from "./test/playbook/names-retries.ts";

const alone = ALONE.map((name) => `test/e2e/${name}.test.ts`);

export default defineConfig({
  test: {
    globalSetup: "test/e2e/fetch-engine.ts",
    testTimeout: 600_000,
    // All recordings of a file are made in one hook: for minutes, and for longer than ten of them on a busy machine.
    hookTimeout: 1_500_000,
    // Vitest's own second is not enough for a page on a busy machine.
    expect: { poll: { timeout: 20_000 } },
    retry: RETRIES,
    reporters: ["default", new NamesRetries()],
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: "two at a time",
          include: ["test/e2e/**/*.test.ts"],
          exclude: alone,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: { name: "alone", include: alone, maxWorkers: 1, maxConcurrency: 2, sequence: { groupOrder: 2 } },
      },
    ],
  },
});
