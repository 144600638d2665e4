/** `whalesong/vitest`: every test has a cassette of its own, named after its file and itself. */
import { type RunnerTestCase, type TestAPI, test as vitestTest } from "vitest";
import type { CassetteOptions } from "./insert-cassette.ts";
import type { InsertedCassette } from "./inserted-cassette.ts";
import { CassetteRegistry, insertCassette, resolveCassettePath } from "./shared.ts";

export type { CassetteOptions } from "./insert-cassette.ts";
export type { InsertedCassette } from "./inserted-cassette.ts";
export { useCassette } from "./shared.ts";

export interface CassetteFixture {
  /** The test's own; inserted before it, and held to after it, whether it is named or not. */
  readonly cassette: InsertedCassette;
}

/** vitest's `test` with a cassette for each. */
export const test: TestAPI<CassetteFixture> = cassetteTest();
export const it: TestAPI<CassetteFixture> = test;

/** The same with options for all of them. */
export function cassetteTest(options: CassetteOptions = {}): TestAPI<CassetteFixture> {
  const registry = new CassetteRegistry();
  return vitestTest.extend<CassetteFixture>({
    cassette: [
      async ({ task }, use) => {
        const path = registry.reserve(resolveCassettePath(task.file.filepath, listNames(task)), task.id);
        const cassette = await insertCassette(path, options);
        await use(cassette);
        await cassette.settle(toOutcome(task));
      },
      { auto: true },
    ],
  });
}

/**
 * For tests that run concurrently and connect to the usual addresses: `aroundEach(scoped)` has each of them answered
 * by its own cassette.
 */
// vitest reads from the pattern of the second parameter which fixtures it is to make first.
export function runInCassetteScope(
  runTest: () => Promise<void>,
  { cassette }: Partial<CassetteFixture>,
): Promise<void> {
  return cassette === undefined ? runTest() : cassette.run(runTest);
}

/** Of this try: the errors of earlier ones are still there when a test is tried again. */
function toOutcome({ result }: RunnerTestCase): { readonly failure: unknown } | undefined {
  return result?.state === "fail" ? { failure: result.errors?.at(-1) } : undefined;
}

function listNames(task: RunnerTestCase): readonly string[] {
  const names = [task.name];
  for (let suite = task.suite; suite !== undefined; suite = suite.suite) names.unshift(suite.name);
  return names;
}
