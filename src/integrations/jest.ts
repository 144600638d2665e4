/** `whalesong/jest`: a test's body with a cassette, named after the test's file and itself. */
import { UsageError } from "../base/errors.ts";
import type { CassetteOptions } from "./insert.ts";
import type { InsertedCassette } from "./inserted.ts";
import { cassetteOf } from "./test-cassette.ts";
import { useCassette } from "./use-cassette.ts";

export type { CassetteOptions } from "./insert.ts";
export type { InsertedCassette } from "./inserted.ts";
export { useCassette } from "./use-cassette.ts";

/** What jest tells of the test that runs. */
interface JestState {
  readonly testPath?: string;
  readonly currentTestName?: string;
}

/**
 * `test("lists", withCassette(async ({ socketPath }) => { ... }))`. Jest tells the name of the running test by its
 * global `expect`; without it, or in `test.concurrent`, use `useCassette(path, ...)`.
 */
export function withCassette(
  body: (cassette: InsertedCassette) => unknown,
  options: CassetteOptions = {},
): () => Promise<void> {
  return async () => {
    const { testPath, currentTestName } = jestState();
    if (testPath === undefined || currentTestName === undefined) throw outsideOfJest();
    await useCassette(cassetteOf(testPath, [currentTestName]), options, body);
  };
}

function jestState(): JestState {
  const { expect } = globalThis as { readonly expect?: { getState?(): JestState } };
  return expect?.getState?.() ?? {};
}

function outsideOfJest(): UsageError {
  const message =
    "withCassette cannot tell which test it runs in: jest's global `expect` does not say (`injectGlobals` is off, or this is no jest test); name the cassette with `useCassette(path, ...)`";
  return new UsageError("WHALESONG_NO_TEST", message);
}
