import { defineConfig } from "vitest/config";
import { NamesRetries, RETRIES } from "./test/playbook/names-retries.ts";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/e2e/**"],
    setupFiles: ["test/playbook/seed.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    retry: RETRIES,
    reporters: ["default", new NamesRetries()],
    // test/integrations/fifty-tests-at-once.test.ts means it.
    maxConcurrency: 50,
  },
});
