import { defineConfig } from "vitest/config";
import { NamesRetries, RETRIES } from "./test/playbook/names-retries.ts";

export default defineConfig({
  test: {
    include: ["test/e2e/**/*.test.ts"],
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 300_000,
    retry: RETRIES,
    reporters: ["default", new NamesRetries()],
  },
});
