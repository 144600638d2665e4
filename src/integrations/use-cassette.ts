import { runInScope } from "../io/intercept/intercept.ts";
import { type CassetteOptions, insertCassette } from "./insert-cassette.ts";
import type { InsertedCassette } from "./inserted-cassette.ts";

type Work<T> = (cassette: InsertedCassette) => T;

/**
 * Runs `work` with the cassette at `path` inserted, in a scope of its own. Throws if `work` does not do what is
 * recorded.
 * @returns the result of `work`
 * @throws WhalesongError `WHALESONG_NOT_AS_RECORDED`; and the errors of `work` and `insertCassette`
 * @example
 * const all = await useCassette("hello.yaml", { allowsUnplayed: true }, async ({ socketPath }) =>
 *   new Docker({ socketPath }).listContainers(),
 * );
 */
export function useCassette<T>(path: string | URL, work: Work<T>): Promise<Awaited<T>>;
export function useCassette<T>(path: string | URL, options: CassetteOptions, work: Work<T>): Promise<Awaited<T>>;
export function useCassette<T>(
  path: string | URL,
  ...rest: [Work<T>] | [CassetteOptions, Work<T>]
): Promise<Awaited<T>> {
  const [options, work] = rest.length === 1 ? [{}, rest[0]] : rest;
  return runInScope(async (): Promise<Awaited<T>> => runAndSettle<T>(await insertCassette(path, options), work));
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
