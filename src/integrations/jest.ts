/** `whalesong/jest`: gives a test a cassette that is named after the test's file and name. */
import { UsageError } from "../base/errors.ts";
import { captureStack } from "../io/intercept/request-origins.ts";
import { toTypedPath } from "../io/typed-path.ts";
import type { CassetteOptions } from "./insert-cassette.ts";
import type { InsertedCassette } from "./inserted-cassette.ts";
import { resolveCassettePath } from "./test-cassette.ts";
import { withUpdateFlow } from "./update-flow.ts";
import { useCassette } from "./use-cassette.ts";

export type { CassetteOptions } from "./insert-cassette.ts";
export type { InsertedCassette } from "./inserted-cassette.ts";
export { useCassette } from "./use-cassette.ts";

/** The part of jest's state that names the running test. */
interface JestState {
  readonly testPath?: string;
  readonly currentTestName?: string;
  /** `all` with `-u`. */
  readonly snapshotState?: { readonly _updateSnapshot?: string };
}

/**
 * Wraps a test's body: it runs with a cassette in a scope of its own. Jest's global `expect` has the name of the running
 * test; without it, or in `test.concurrent`, use `useCassette(path, ...)`.
 * @throws UsageError `WHALESONG_NO_TEST` if jest does not name the test; and what `useCassette` throws
 * @example
 * test(
 *   "lists",
 *   withCassette(async () => {
 *     const all = await new Docker().listContainers();
 *   }),
 * );
 */
export function withCassette(
  body: (cassette: InsertedCassette) => unknown,
  options: CassetteOptions = {},
): () => Promise<void> {
  const declaredAt = captureStack();
  return async () => {
    const { testPath, currentTestName, snapshotState } = readJestState();
    if (testPath === undefined || currentTestName === undefined) throw createNoTestError();
    const command = ["npx", "jest", toTypedPath(testPath), "-t", currentTestName];
    const updating = { isUpdating: snapshotState?._updateSnapshot === "all", command };
    await useCassette(
      resolveCassettePath(testPath, [currentTestName]),
      { declaredAt, ...withUpdateFlow(options, updating) },
      body,
    );
  };
}

function readJestState(): JestState {
  const { expect } = globalThis as { readonly expect?: { getState?(): JestState } };
  return expect?.getState?.() ?? {};
}

function createNoTestError(): UsageError {
  const message =
    "withCassette cannot tell which test it runs in: jest's global `expect` does not say (`injectGlobals` is off, or this is no jest test); name the cassette with `useCassette(path, ...)`";
  return new UsageError("WHALESONG_NO_TEST", message);
}
