/** `whalesong/vitest`: every test has a cassette of its own, named after its file and name. */
import { afterAll, type RunnerTestCase, type TestAPI, test as vitestTest } from "vitest";
import type { CassetteOptions } from "./insert-cassette.ts";
import type { InsertedCassette } from "./inserted-cassette.ts";
import {
  CassetteRegistry,
  checkCassetteOptions,
  guardRun,
  insertCassette,
  resolveCassettePath,
  toTypedPath,
  withUpdateFlow,
} from "./shared.ts";
import type { TestOutcome } from "./test-result.ts";
import type { UpdatingTest } from "./update-flow.ts";

export type { CassetteOptions } from "./insert-cassette.ts";
export type { InsertedCassette } from "./inserted-cassette.ts";
export { useCassette } from "./shared.ts";

/** What a test of `whalesong/vitest` has in its context. */
export interface CassetteFixture {
  /** The test's own cassette: inserted before the test and settled after it, even if the test does not use it. */
  readonly cassette: InsertedCassette;
}

/**
 * vitest's `test` with a cassette for each test.
 * @example
 * import { test } from "whalesong/vitest";
 *
 * test("lists", async () => {
 *   const all = await new Docker().listContainers();
 * });
 */
export const test: TestAPI<CassetteFixture> = cassetteTest();
/**
 * The same as `test`.
 * @example
 * import { it } from "whalesong/vitest";
 *
 * it("lists", async () => {
 *   const all = await new Docker().listContainers();
 * });
 */
export const it: TestAPI<CassetteFixture> = test;

/**
 * Creates a `test` with options for all its cassettes. Each is `__cassettes__/FILE/SUITE--TEST.yaml` beside the test's file.
 * @throws UsageError `WHALESONG_BAD_OPTION`; `WHALESONG_CASSETTE_TAKEN`, in a test whose name gives the cassette of another
 * @example
 * const test = cassetteTest({ allowsUnplayed: true });
 *
 * test("lists", async () => {
 *   const all = await new Docker().listContainers();
 * });
 */
export function cassetteTest(options: CassetteOptions = {}): TestAPI<CassetteFixture> {
  checkCassetteOptions("cassetteTest", options);
  askForLocations();
  guardFile(options);
  const registry = new CassetteRegistry();
  return vitestTest.extend<CassetteFixture>({
    cassette: [
      async ({ task }, use) => {
        restoreExpectation(task);
        const failTest = (error: unknown): never => failInAnyCase(task, error);
        const cassette = await insertFor(task, registry, options).catch(failTest);
        await use(cassette);
        await cassette.settle(toOutcome(task)).catch(failTest);
      },
      { auto: true },
    ],
  });
}

/** Hooks of after-all run in the reverse order, and so this one behind those of the file. */
function guardFile({ mode }: CassetteOptions): void {
  const release = guardRun(mode);
  try {
    afterAll(release);
  } catch {
    // Outside of a test file there is nothing that would remove it.
    void release();
  }
}

async function insertFor(
  task: RunnerTestCase,
  registry: CassetteRegistry,
  options: CassetteOptions,
): Promise<InsertedCassette> {
  const path = registry.reserve(resolveCassettePath(task.file.filepath, listNames(task)), task.id);
  return insertCassette(path, { ...locateTest(task), ...withUpdateFlow(options, describeTest(task)) });
}

/**
 * For concurrent tests that connect to the usual addresses: with `aroundEach(runInCassetteScope)` each of them is
 * answered by its own cassette.
 * @example
 * import { aroundEach, describe } from "vitest";
 * import { runInCassetteScope, test } from "whalesong/vitest";
 *
 * describe.concurrent("containers", () => {
 *   aroundEach(runInCassetteScope);
 *   test("lists", async () => {
 *     const all = await new Docker().listContainers();
 *   });
 * });
 */
// vitest reads the fixtures that it has to set up first from the pattern of the second parameter.
export function runInCassetteScope(
  runTest: () => Promise<void>,
  { cassette }: Partial<CassetteFixture>,
): Promise<void> {
  return cassette === undefined ? runTest() : cassette.run(runTest);
}

/** The part of vitest's worker that tells of `-u`. */
interface VitestWorker {
  readonly config?: {
    readonly snapshotOptions?: { readonly updateSnapshot?: string };
    includeTaskLocation?: boolean;
  };
}

/** Has vitest note the line of each test: the report of a miss shows it. */
function askForLocations(): void {
  const { __vitest_worker__: worker } = globalThis as { readonly __vitest_worker__?: VitestWorker };
  if (worker?.config !== undefined) worker.config.includeTaskLocation = true;
}

function describeTest(task: RunnerTestCase): UpdatingTest {
  const { __vitest_worker__: worker } = globalThis as { readonly __vitest_worker__?: VitestWorker };
  const command = ["npx", "vitest", "run", toTypedPath(task.file.filepath), "-t", listNames(task).join(" ")];
  return { isUpdating: worker?.config?.snapshotOptions?.updateSnapshot === "all", command };
}

/** Known because of `askForLocations`, unless vitest has changed. */
function locateTest({ file, location }: RunnerTestCase): Pick<CassetteOptions, "declaredAt"> {
  if (location === undefined) return {};
  const declaredAt = new Error();
  declaredAt.stack = `Error\n    at ${file.filepath}:${location.line}:${location.column}`;
  return { declaredAt };
}

/** The outcome of this try: a test that is retried still has the errors of earlier tries. */
function toOutcome({ result, fails = false, location }: RunnerTestCase): TestOutcome | undefined {
  const hasFailed = result?.state === "fail";
  if (hasFailed === fails) return undefined;
  return { failure: result?.errors?.at(-1) ?? {}, isShown: true, isLocated: location !== undefined };
}

/** Tests of `test.fails` whose cassettes failed, or that deviated from them. */
const deviating = new WeakSet<RunnerTestCase>();

/** vitest takes any error for the one that `test.fails` expects, unless the mark is gone. */
function failInAnyCase(task: RunnerTestCase, error: unknown): never {
  if (task.fails === true) {
    deviating.add(task);
    task.fails = false;
  }
  throw error;
}

/** For the next try. */
function restoreExpectation(task: RunnerTestCase): void {
  if (deviating.delete(task)) task.fails = true;
}

function listNames(task: RunnerTestCase): readonly string[] {
  const names = [task.name];
  for (let suite = task.suite; suite !== undefined; suite = suite.suite) names.unshift(suite.name);
  return names;
}
