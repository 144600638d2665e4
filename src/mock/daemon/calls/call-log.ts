import { UsageError } from "../../../base/errors.ts";
import { checkOptions } from "../../../base/options/check-options.ts";
import { amountKind, anyKind, objectKind, textKind } from "../../../base/options/common-kinds.ts";
import { type OptionKind, type OptionTable, recordOf } from "../../../base/options/option-kind.ts";
import { compileGlob, describeUnknownCall, parseCallPattern } from "../../../match/rules/call-pattern.ts";
import { parseOperation } from "../../../wire/operations/operation.ts";
import { isPartialMatch } from "./partial-match.ts";
import type { RecordedCall } from "./recorded-call.ts";

/** Selects calls of an operation. All given members must match. */
export interface CallFilter {
  /** A name or id of the object in the call's path. `*` matches anything. */
  readonly name?: string;
  /** A part of the body. It may contain regular expressions and asymmetric matchers of jest and vitest. */
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly status?: number;
}

/** Which calls are expected, and how many of them. */
export interface CallExpectation extends CallFilter {
  /** The exact number of calls. @default at least one */
  readonly times?: number;
}

const FILTER: OptionTable<CallFilter> = { name: textKind, body: anyKind, query: objectKind, status: amountKind };
const filterKind: OptionKind = recordOf(FILTER, "an object");
const expectationKind: OptionKind = recordOf<CallExpectation>({ ...FILTER, times: amountKind }, "an object");

/** The log forgets the oldest calls beyond this number. */
const REMEMBERED = 10_000;
/** It forgets the oldest bodies beyond this size, in characters of JSON. */
const REMEMBERED_BODIES = 32 * 1024 * 1024;
const SHOWN = 30;

/** The calls that the daemon got, in order. Its assertions throw plain errors, so they work in every test runner. */
export class CallLog implements Iterable<RecordedCall> {
  #all: RecordedCall[] = [];
  #count = 0;
  /** Sizes of the bodies that are remembered, by the numbers of their calls, oldest first. */
  readonly #bodySizes = new Map<number, number>();
  #bodiesSize = 0;

  get length(): number {
    return this.#all.length;
  }

  [Symbol.iterator](): Iterator<RecordedCall> {
    return this.#all[Symbol.iterator]();
  }

  /** The call at an index. Negative numbers count from the end. */
  at(index: number): RecordedCall | undefined {
    return this.#all.at(index);
  }

  /**
   * Returns the calls of an operation (`ContainerStart`), or of a method and path (`POST /containers/{id}/start`).
   * @throws UsageError `WHALESONG_NO_SUCH_CALL` if there is no such operation, `WHALESONG_BAD_OPTION`
   */
  of(pattern: string, filter: CallFilter = {}): readonly RecordedCall[] {
    checkOptions("calls.of", filter, filterKind);
    const operation = parseCallPattern(pattern);
    if (operation === undefined) throw new UsageError("WHALESONG_NO_SUCH_CALL", describeUnknownCall(pattern));
    return this.#all.filter((call) => {
      return operation.fits(call.method, parseOperation(call.method, call.target)) && matchesFilter(call, filter);
    });
  }

  /** Returns the calls of all operations that match the filter. */
  matching(filter: CallFilter): readonly RecordedCall[] {
    checkOptions("calls.matching", filter, filterKind);
    return this.#all.filter((call) => matchesFilter(call, filter));
  }

  /**
   * Returns the calls that match.
   * @throws UsageError `WHALESONG_CALLS_DIFFER` if their number is not the expected one
   */
  expect(pattern: string, expectation: CallExpectation = {}): readonly RecordedCall[] {
    checkOptions("calls.expect", expectation, expectationKind);
    const { times, ...filter } = expectation;
    const found = this.of(pattern, filter);
    if (times === undefined ? found.length > 0 : found.length === times) return found;
    const expected = times === undefined ? "at least one call" : `${times} call${times === 1 ? "" : "s"}`;
    throw this.#createDifference(`expected ${expected} of ${pattern}${describeFilter(filter)}, got ${found.length}`);
  }

  /** @throws UsageError `WHALESONG_CALLS_DIFFER` if a call matches */
  expectNone(pattern: string, filter: CallFilter = {}): void {
    this.expect(pattern, { ...filter, times: 0 });
  }

  /**
   * Expects a call of each pattern, in this order. Other calls may come between them.
   * @throws UsageError `WHALESONG_CALLS_DIFFER` that names the first missing one
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
   * Expects that the mock simulates all calls, and that `only` allows them.
   * @throws UsageError `WHALESONG_CALLS_DIFFER` that names each other operation
   */
  verify(): void {
    const unwanted = this.#all.filter(({ isUnsimulated, isUnexpected }) => isUnsimulated || isUnexpected);
    if (unwanted.length === 0) return;
    const named = unwanted.map((call) => `${call.operation} (${call.isUnexpected ? "unexpected" : "not simulated"})`);
    throw this.#createDifference(
      `expected only calls that are simulated and that \`only\` allows, got ${[...new Set(named)].join(", ")}`,
    );
  }

  /** Forgets all calls. */
  forget(): void {
    this.#all = [];
    this.#count = 0;
    this.#bodySizes.clear();
    this.#bodiesSize = 0;
  }

  /** Adds a call. Returns a function that replaces it once more is known. */
  add(make: (number: number) => RecordedCall): (next: (call: RecordedCall) => RecordedCall) => RecordedCall {
    this.#count += 1;
    let call = make(this.#count);
    this.#all.push(call);
    if (this.#all.length > REMEMBERED) this.#forgetBody(this.#all.shift()?.number ?? 0);
    return (next) => {
      const at = this.#all.lastIndexOf(call);
      call = next(call);
      if (at !== -1) this.#all[at] = call;
      if (at !== -1) this.#noteBody(call);
      return call;
    };
  }

  #noteBody({ number, body }: RecordedCall): void {
    if (body === undefined || this.#bodySizes.has(number)) return;
    const size = JSON.stringify(body).length;
    this.#bodySizes.set(number, size);
    this.#bodiesSize += size;
    for (const old of this.#bodySizes.keys()) {
      if (this.#bodiesSize <= REMEMBERED_BODIES) return;
      const at = old - (this.#all[0]?.number ?? 0);
      this.#all[at] = { ...(this.#all[at] as RecordedCall), body: undefined };
      this.#forgetBody(old);
    }
  }

  #forgetBody(number: number): void {
    this.#bodiesSize -= this.#bodySizes.get(number) ?? 0;
    this.#bodySizes.delete(number);
  }

  #createDifference(message: string): UsageError {
    const shown = this.#all.slice(-SHOWN).map(formatCall);
    const more = this.#all.length > SHOWN ? [`  ... ${this.#all.length - SHOWN} before these`] : [];
    const list = shown.length === 0 ? ["  nothing was called"] : ["what was called:", ...more, ...shown];
    return new UsageError("WHALESONG_CALLS_DIFFER", [message, ...list].join("\n"));
  }
}

function matchesFilter(call: RecordedCall, { name, body, query, status }: CallFilter): boolean {
  if (name !== undefined && !call.names.some((known) => compileGlob(name).test(known))) return false;
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
