/** `whalesong/jest`: gives a test a cassette that is named after the test's file and name. */
import { UsageError } from "../base/errors.ts";
import { captureStack } from "../io/intercept/request-origins.ts";
import { toTypedPath } from "../io/typed-path.ts";
import { type CassetteOptions, checkCassetteOptions } from "./insert-cassette.ts";
import type { InsertedCassette } from "./inserted-cassette.ts";
import { checkFunction } from "./option-kinds.ts";
import { CassetteRegistry, resolveCassettePath } from "./test-cassette.ts";
import { withUpdateFlow } from "./update-flow.ts";
import { useCassette } from "./use-cassette.ts";

export type { CassetteOptions } from "./insert-cassette.ts";
export type { InsertedCassette } from "./inserted-cassette.ts";
export { useCassette } from "./use-cassette.ts";

/** jest loads this module anew for each test file. */
const registry = new CassetteRegistry();

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
 * @param body gets the arguments that jest gives a test (the row of `test.each`), and behind them its cassette
 * @throws UsageError `WHALESONG_BAD_OPTION`; `WHALESONG_NO_TEST` if jest does not name the test, `WHALESONG_CASSETTE_TAKEN` if another test has
 * its cassette; and what `useCassette` throws
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
  options?: CassetteOptions,
): () => Promise<void>;
export function withCassette<Row extends readonly unknown[]>(
  body: (...args: [...row: Row, cassette: InsertedCassette]) => unknown,
  options?: CassetteOptions,
): (...row: Row) => Promise<void>;
export function withCassette<Row extends readonly unknown[]>(
  body: (...row: Row) => unknown,
  options?: CassetteOptions,
): (...row: Row) => Promise<void>;
export function withCassette(
  body: (...args: never) => unknown,
  options: CassetteOptions = {},
): (...row: readonly unknown[]) => Promise<void> {
  checkFunction("withCassette", "body", body);
  checkCassetteOptions("withCassette", options);
  const declaredAt = captureStack();
  const owner = Symbol("the test of this body");
  const run = body as (...args: readonly unknown[]) => unknown;
  // Rest parameters have no `length`: jest takes the last of any other for its `done`.
  return async (...row) => {
    const { testPath, currentTestName, snapshotState } = readJestState();
    if (testPath === undefined || currentTestName === undefined) throw createNoTestError();
    const command = ["npx", "jest", toTypedPath(testPath), "-t", currentTestName];
    const expectsFailure = isExpectedToFail();
    const updating = { isUpdating: snapshotState?._updateSnapshot === "all", command };
    await useCassette(
      registry.reserve(resolveCassettePath(testPath, [currentTestName]), owner),
      { declaredAt, expectsFailure, ...withUpdateFlow(options, updating) },
      (cassette) => run(...row, cassette),
    );
  };
}

function readJestState(): JestState {
  const { expect } = globalThis as { readonly expect?: { getState?(): JestState } };
  return expect?.getState?.() ?? {};
}

/** The part of jest-circus's state that tells of `test.failing`. */
interface CircusState {
  readonly currentlyRunningTest?: { readonly failing?: boolean } | null;
}

/** jest says it nowhere else. */
function isExpectedToFail(): boolean {
  const key = Object.getOwnPropertySymbols(globalThis).find(({ description }) => description === "JEST_STATE_SYMBOL");
  const state = key === undefined ? undefined : (globalThis as unknown as Record<symbol, CircusState>)[key];
  return state?.currentlyRunningTest?.failing === true;
}

function createNoTestError(): UsageError {
  const message =
    "withCassette cannot tell which test it runs in: jest's global `expect` does not say (`injectGlobals` is off, or this is no jest test); name the cassette with `useCassette(path, ...)`";
  return new UsageError("WHALESONG_NO_TEST", message);
}
