import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/e2e/**"],
    setupFiles: ["test/playbook/seed.ts"],
    testTimeout: 20_000,
    // test/integrations/fifty-tests-at-once.test.ts means it.
    maxConcurrency: 50,
  },
});
