/** `whalesong/node-test`: node:test's `test` with a cassette for each test, named after its file and name. */

import { resolve } from "node:path";
import { type TestContext, type TestOptions, test } from "node:test";
import { fileURLToPath } from "node:url";
import { captureStack } from "../io/intercept/request-origins.ts";
import { toTypedPath } from "../io/typed-path.ts";
import { guardRun } from "./guard-run.ts";
import { type CassetteOptions, checkCassetteOptions } from "./insert-cassette.ts";
import type { InsertedCassette } from "./inserted-cassette.ts";
import { checkFunction, checkPath } from "./option-kinds.ts";
import { reportTest } from "./runs/run-journal.ts";
import { CassetteRegistry, resolveCassettePath } from "./test-cassette.ts";
import { UPDATE_FLAG, type UpdatingTest, withUpdateFlow } from "./update-flow.ts";
import { useCassette } from "./use-cassette.ts";

export type { CassetteOptions } from "./insert-cassette.ts";
export type { InsertedCassette } from "./inserted-cassette.ts";
export { useCassette } from "./use-cassette.ts";

/** The body of a test. It gets node:test's context and the test's cassette. */
export type CassetteTestBody = (t: TestContext, cassette: InsertedCassette) => unknown;

/** The `test` of a file: node:test's, whose bodies get a cassette as well. */
export interface CassetteTest {
  (name: string, body: CassetteTestBody): Promise<void>;
  (name: string, options: TestOptions, body: CassetteTestBody): Promise<void>;
}

/**
 * Creates the `test` of one file. The cassette is named after the test and the suites around it.
 * @param testFile `import.meta.url`, in CommonJS `__filename`: Node 20 does not tell the file of a test
 * @param options for the cassettes of all its tests
 * @throws UsageError `WHALESONG_BAD_OPTION`; `WHALESONG_CASSETTE_TAKEN`, in a test whose name gives the cassette of another
 * @example
 * const test = cassetteTest(import.meta.url);
 *
 * test("lists", async () => {
 *   const all = await new Docker().listContainers();
 * });
 */
export function cassetteTest(testFile: string | URL, options: CassetteOptions = {}): CassetteTest {
  checkPath("cassetteTest", "testFile", testFile);
  checkCassetteOptions("cassetteTest", options);
  guardRun(options.mode);
  const registry = new CassetteRegistry();
  const file = toFilePath(testFile);
  return (name: string, ...rest: [CassetteTestBody] | [TestOptions, CassetteTestBody]): Promise<void> => {
    const [testOptions, body] = rest.length === 1 ? [{}, rest[0]] : rest;
    checkFunction("test", "body", body);
    const owner = Symbol(name);
    const expectsFailure = isExpectedToFail(testOptions);
    const declaredAt = captureStack();
    reportTest({ file });
    return test(name, testOptions, async (t) => {
      const names = t.fullName.split(" > ");
      const path = registry.reserve(resolveCassettePath(file, names), owner);
      const settings = { declaredAt, expectsFailure, ...withUpdateFlow(options, describeTest(file)) };
      const running = useCassette(path, settings, (cassette) => body(t, cassette));
      const report = (): void => reportTest({ file, passed: names });
      await running.then(report, (failure) => {
        if (expectsFailure) report();
        throw failure;
      });
    });
  };
}

/** `expectFailure` of Node 24.14 and 25.5; also a pattern, or a reason. */
function isExpectedToFail(options: TestOptions & { readonly expectFailure?: unknown }): boolean {
  return Boolean(options.expectFailure);
}

function describeTest(file: string): UpdatingTest {
  return { isUpdating: process.execArgv.includes(UPDATE_FLAG), command: ["node", "--test", toTypedPath(file)] };
}

function toFilePath(file: string | URL): string {
  return String(file).startsWith("file:") ? fileURLToPath(file) : resolve(String(file));
}
