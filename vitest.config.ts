import { availableParallelism, devNull } from "node:os";
import { defineConfig } from "vitest/config";
import { NamesRetries, RETRIES } from "./test/playbook/names-retries.ts";

/** Tests of integrations that start processes or ask over sockets, and replace nothing in their own. */
const HARMLESS = [
  "a-test-finds-its-cassette",
  "an-update-records-anew",
  "cassettes-are-inserted-over-http",
  "examples-in-comments-run",
  "hooks-reach-no-daemon",
  "obsolete-cassettes-are-found",
  "runs-tell-of-cassettes",
  "types-say-what-they-are",
];
/** These load msw or nock, which stand in the way of all requests of a process. */
const OF_LIBRARIES = [
  "test/integrations/{clients-over-msw-and-nock,golden-over-msw-and-nock,msw-handlers,nock-scopes}.test.ts",
  "test/io/intercept/mocks-are-passed-by.test.ts",
];
/** These have a process to themselves: a disk of their own stands in the place of node:fs, which others have loaded. */
const APART = [
  "test/io/folders-are-made-by-two.test.ts",
  "test/io/held-documents-are-written-together.test.ts",
  "test/io/intercept/node-is-put-back.test.ts",
];
/** These replace parts of Node while a cassette is inserted, and put them back. */
const INTERCEPTING = [`test/integrations/!(${HARMLESS.join("|")}).test.ts`, "test/io/intercept/**/*.test.ts"];
/** The modules of the rest keep nothing from one file to the next, so that a process loads them once. */
const TOGETHER = "test/**/*.test.ts";
const E2E = "test/e2e/**";

export default defineConfig({
  test: {
    // What vite makes of a source is kept in node_modules until the source changes.
    experimental: { fsModuleCache: true },
    setupFiles: ["test/playbook/seed.ts"],
    // A journal that cannot be written: what our tests record into temporary folders is news to no developer.
    env: { WHALESONG_RUN_JOURNAL: devNull },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Vitest's own second is not enough on a busy machine.
    expect: { poll: { timeout: 20_000 } },
    retry: RETRIES,
    reporters: ["default", new NamesRetries()],
    // One more than there are cores: tests also wait, for processes, sockets and timers.
    maxWorkers: availableParallelism() + 1,
    // test/integrations/fifty-tests-at-once.test.ts means it.
    maxConcurrency: 50,
    // Each keeps its modules from one file to the next, but the last. What a test sets of the environment ends with it.
    projects: [
      {
        extends: true,
        test: {
          name: "together",
          include: [TOGETHER],
          exclude: [...INTERCEPTING, ...OF_LIBRARIES, ...APART, E2E],
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: "intercepting",
          include: INTERCEPTING,
          exclude: [...OF_LIBRARIES, ...APART],
          isolate: false,
          unstubEnvs: true,
        },
      },
      { extends: true, test: { name: "libraries", include: OF_LIBRARIES, isolate: false, unstubEnvs: true } },
      { extends: true, test: { name: "apart", include: APART } },
    ],
  },
});
