import { UsageError } from "../../../base/errors.ts";
import { callPattern, globPattern, noSuchCall } from "../../../match/call-pattern.ts";
import { parseOperation } from "../../../wire/operation.ts";
import { isPartialMatch } from "./partial-match.ts";
import type { RecordedCall } from "./recorded-call.ts";

/** Which calls are meant, beside their operation. */
export interface CallFilter {
  /** A name or id of what the call is about, `*` stands for anything. */
  readonly name?: string;
  /** What the body has at least; may hold asymmetric matchers of jest and vitest, and regular expressions. */
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly status?: number;
}

export interface CallExpectation extends CallFilter {
  /** Exactly so often. Default: at least once. */
  readonly times?: number;
}

/** The latest that are remembered. */
const REMEMBERED = 10_000;
const SHOWN = 30;

/** What the daemon was asked, in the order of the requests. Its assertions throw plain errors: any test runner will do. */
export class CallLog implements Iterable<RecordedCall> {
  #all: RecordedCall[] = [];
  #count = 0;

  get length(): number {
    return this.#all.length;
  }

  [Symbol.iterator](): Iterator<RecordedCall> {
    return this.#all[Symbol.iterator]();
  }

  /** Negative numbers count from the end. */
  at(index: number): RecordedCall | undefined {
    return this.#all.at(index);
  }

  /**
   * The calls of an operation (`ContainerStart`), or of a method and path (`POST /containers/{id}/start`).
   * @throws UsageError `WHALESONG_NO_SUCH_CALL` where there is no such operation
   */
  of(pattern: string, filter: CallFilter = {}): readonly RecordedCall[] {
    const operation = callPattern(pattern);
    if (operation === undefined) throw new UsageError("WHALESONG_NO_SUCH_CALL", noSuchCall(pattern));
    return this.#all.filter((call) => {
      return operation.fits(call.method, parseOperation(call.method, call.target)) && matchesFilter(call, filter);
    });
  }

  /** The calls about something, whatever the operation. */
  matching(about: CallFilter): readonly RecordedCall[] {
    return this.#all.filter((call) => matchesFilter(call, about));
  }

  /**
   * The calls that were meant.
   * @throws UsageError `WHALESONG_CALLS_DIFFER` where it was called another number of times
   */
  expect(pattern: string, { times, ...about }: CallExpectation = {}): readonly RecordedCall[] {
    const found = this.of(pattern, about);
    if (times === undefined ? found.length > 0 : found.length === times) return found;
    const wanted = times === undefined ? "at least one call" : `${times} call${times === 1 ? "" : "s"}`;
    throw this.#createDifference(`expected ${wanted} of ${pattern}${describeFilter(about)}, got ${found.length}`);
  }

  /** @throws UsageError `WHALESONG_CALLS_DIFFER` where it was called */
  expectNone(pattern: string, about: CallFilter = {}): void {
    this.expect(pattern, { ...about, times: 0 });
  }

  /**
   * These were called one after the other, whatever came between them.
   * @throws UsageError `WHALESONG_CALLS_DIFFER` at the first that did not come
   */
  expectInOrder(...patterns: readonly string[]): void {
    let last = 0;
    for (const [index, pattern] of patterns.entries()) {
      const next = this.of(pattern).find(({ number }) => number > last);
      if (next === undefined) {
        const after = index === 0 ? "" : ` after ${patterns[index - 1]}`;
        throw this.#createDifference(`expected a call of ${pattern}${after}, got none`);
      }
      last = next.number;
    }
  }

  /**
   * Nothing was asked for that nobody simulates, or that was not said to come.
   * @throws UsageError `WHALESONG_CALLS_DIFFER` that names each of them
   */
  verify(): void {
    const faulty = this.#all.filter(({ isUnsimulated, isUnexpected }) => isUnsimulated || isUnexpected);
    if (faulty.length === 0) return;
    const named = faulty.map((call) => `${call.operation} (${call.isUnexpected ? "unexpected" : "not simulated"})`);
    throw this.#createDifference(
      `expected only calls that are simulated and were said to come, got ${[...new Set(named)].join(", ")}`,
    );
  }

  /** As if nothing had been called. */
  forget(): void {
    this.#all = [];
    this.#count = 0;
  }

  /** Writes a call down; returns what replaces it when more is known. */
  add(make: (number: number) => RecordedCall): (next: (call: RecordedCall) => RecordedCall) => RecordedCall {
    this.#count += 1;
    let call = make(this.#count);
    this.#all.push(call);
    if (this.#all.length > REMEMBERED) this.#all.shift();
    return (next) => {
      const at = this.#all.lastIndexOf(call);
      call = next(call);
      if (at !== -1) this.#all[at] = call;
      return call;
    };
  }

  #createDifference(message: string): UsageError {
    const shown = this.#all.slice(-SHOWN).map(formatCall);
    const more = this.#all.length > SHOWN ? [`  ... ${this.#all.length - SHOWN} before these`] : [];
    const list = shown.length === 0 ? ["  nothing was called"] : ["what was called:", ...more, ...shown];
    return new UsageError("WHALESONG_CALLS_DIFFER", [message, ...list].join("\n"));
  }
}

function matchesFilter(call: RecordedCall, { name, body, query, status }: CallFilter): boolean {
  if (name !== undefined && !call.names.some((known) => globPattern(name).test(known))) return false;
  if (status !== undefined && call.status !== status) return false;
  return (
    (body === undefined || isPartialMatch(body, call.body)) &&
    (query === undefined || isPartialMatch(query, call.query))
  );
}

function describeFilter(about: CallFilter): string {
  const { name, ...rest } = about;
  const more = Object.entries(rest).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key} ${formatValue(value)}`],
  );
  const all = [
    ...(name === undefined ? [] : [`about \`${name}\``]),
    ...(more.length === 0 ? [] : [`with ${more.join(" and ")}`]),
  ];
  return all.length === 0 ? "" : ` ${all.join(" ")}`;
}

function formatValue(value: unknown): string {
  return value instanceof RegExp ? String(value) : (JSON.stringify(value) ?? String(value));
}

function formatCall({ number, method, target, operation, status }: RecordedCall): string {
  return `  ${number}  ${method} ${target}  ${operation}  ${status ?? "unanswered"}`;
}
