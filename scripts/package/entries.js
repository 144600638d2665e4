/**
 * The doors of the package, and the source of each; `exports` of package.json has them all.
 *
 * These are a CommonJS module each, and an ES module that exports the same of it.
 */
export const ENTRIES = {
  index: "index",
  core: "core",
  mock: "integrations/mock",
  intercept: "integrations/intercept",
  jest: "integrations/jest",
  "node-test": "integrations/node-test",
  "vitest-plugin": "integrations/vitest-plugin",
};

/**
 * What a runner loads by its name: a CommonJS module that is the one value, since runners take a default export, which
 * no source has.
 */
export const RUNNER_ENTRIES = {
  "jest-reporter": { source: "integrations/jest-reporter", value: "JestCassetteReporter" },
  "node-test-reporter": { source: "integrations/node-test-reporter", value: "reportCassettes" },
};

/**
 * These import a library that the test has loaded already, in one module system or the other: each is two modules,
 * and takes all else from SHARED. vitest has no CommonJS.
 */
export const LIBRARY_ENTRIES = {
  vitest: { source: "integrations/vitest", hasCommonJs: false },
  msw: { source: "integrations/msw", hasCommonJs: true },
  nock: { source: "integrations/nock", hasCommonJs: true },
};

export const SHARED = "integrations/shared";
export const CLI = "cli/main";
