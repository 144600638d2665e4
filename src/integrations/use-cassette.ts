import { runInScope } from "../io/intercept/intercept.ts";
import { warnProcess } from "../modes/service.ts";
import { type CassetteOptions, checkCassetteOptions, insertCassette } from "./insert-cassette.ts";
import { InsertedCassette } from "./inserted-cassette.ts";
import { checkFunction, checkPath } from "./option-kinds.ts";

type Work<T> = (cassette: InsertedCassette) => T;

/**
 * Runs `work` with the cassette at `path` inserted, in a scope of its own. Throws if `work` does not do what is
 * recorded.
 * @returns the result of `work`; nothing with `expectsFailure`
 * @throws UsageError `WHALESONG_BAD_OPTION`
 * @throws WhalesongError `WHALESONG_NOT_AS_RECORDED`; and the errors of `work` and `insertCassette`
 * @example
 * const all = await useCassette("hello.yaml", { allowsUnplayed: true }, async ({ socketPath }) =>
 *   new Docker({ socketPath }).listContainers(),
 * );
 */
export function useCassette<T>(path: string | URL, work: Work<T>): Promise<Awaited<T>>;
export function useCassette<T>(path: string | URL, options: CassetteOptions, work: Work<T>): Promise<Awaited<T>>;
export async function useCassette<T>(
  path: string | URL,
  ...rest: [Work<T>] | [CassetteOptions, Work<T>]
): Promise<Awaited<T>> {
  const [options = {}, work] = typeof rest[0] === "function" ? [{}, rest[0]] : (rest as [CassetteOptions, Work<T>]);
  checkPath("useCassette", "path", path);
  checkCassetteOptions("useCassette", options);
  checkFunction("useCassette", "work", work);
  const { expectsFailure = false, warn } = options;
  const insert = (): Promise<InsertedCassette> => insertCassette(path, options);
  return runInScope(async (): Promise<Awaited<T>> => {
    return expectsFailure ? runToFailure<T>(insert, work, warn) : runAndSettle<T>(await insert(), work);
  });
}

async function runAndSettle<T>(cassette: InsertedCassette, work: Work<T>): Promise<Awaited<T>> {
  let result: Awaited<T>;
  try {
    result = await work(cassette);
  } catch (failure) {
    await cassette.settle({ failure });
    throw failure;
  }
  await cassette.settle();
  return result;
}

/**
 * The runner takes any error for the failure that it expects. So one of the cassette becomes a warning, and nothing
 * is thrown: a test that does not fail is what fails then.
 */
async function runToFailure<T>(
  insert: () => Promise<InsertedCassette>,
  work: Work<T>,
  warn: (problem: unknown) => void = warnProcess,
): Promise<Awaited<T>> {
  const withoutResult = undefined as Awaited<T>;
  const cassette = await insert().catch(warn);
  if (!(cassette instanceof InsertedCassette)) return withoutResult;
  const failure = await catchFailure(() => work(cassette));
  const outcome = failure === undefined ? { failure: new Error("the test was to fail, and passed") } : undefined;
  const isAsRecorded = await cassette.settle(outcome).then(() => true, warn);
  if (isAsRecorded === true && failure !== undefined) throw failure.error;
  return withoutResult;
}

async function catchFailure(work: () => unknown): Promise<{ readonly error: unknown } | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return { error };
  }
}
