/** The requests of the first recording, until each has its counterpart in the second. */
import { createHash } from "node:crypto";
import { compareRequests, type FieldDifference } from "../compare-requests.ts";
import type { ExchangeRole } from "../resources.ts";
import type { ComparedRequest } from "./compared-request.ts";

/** How many similar requests are compared to find a counterpart. */
const COMPARED = 20;

/**
 * Knows the requests by their numbers, and equal ones by a digest: there may be 100,000 of them. What is compared is
 * read again.
 */
export class UnpairedRequests {
  readonly #byKey = new NumberLists();
  readonly #byOperation = new NumberLists();
  readonly #roles: ExchangeRole[] = [];
  readonly #digests: string[] = [];
  readonly #taken = new Set<number>();

  /** Requests are added in their order, from number 0 on. */
  add(request: ComparedRequest): void {
    const { index } = request.entry;
    this.#roles[index] = request.role;
    const digest = digestKey(request);
    this.#digests[index] = digest;
    this.#byKey.add(digest, index);
    this.#byOperation.add(formatOperationKey(request), index);
  }

  take(index: number): void {
    this.#taken.add(index);
  }

  /** Equivalent requests that are not taken: the first 20. */
  listEqual(request: ComparedRequest): readonly number[] {
    return this.#byKey.selectFirst(digestKey(request), this.#taken, COMPARED);
  }

  /** Whether this request is not taken, nor any before it that is equivalent. */
  isFirstEqual(index: number): boolean {
    const digest = this.#digests[index];
    return digest !== undefined && this.#byKey.selectFirst(digest, this.#taken, 1)[0] === index;
  }

  /** Requests of the same operation that are not taken, in recorded order: the first 20. */
  listSimilar(request: ComparedRequest): readonly number[] {
    return this.#byOperation.selectFirst(formatOperationKey(request), this.#taken, COMPARED);
  }

  /** An equivalent request. Reads and streams can be taken again. */
  findEqual(request: ComparedRequest): number | undefined {
    const [free] = this.listEqual(request);
    return free ?? this.#byKey.get(digestKey(request)).find((index) => this.#roles[index] !== "change");
  }

  /** Requests of the same operation that could be the counterpart, in recorded order. */
  findSimilar(request: ComparedRequest): readonly number[] {
    const free = this.listSimilar(request);
    if (free.length > 0) return free;
    const similar = this.#byOperation.get(formatOperationKey(request));
    return similar.filter((index) => this.#roles[index] !== "change").slice(-COMPARED);
  }

  /** All that are not taken, in recorded order. */
  get free(): readonly number[] {
    return [...this.#roles.keys()].filter((index) => !this.#taken.has(index));
  }

  /** Changes and streams without a counterpart, and reads of which no equivalent one has a counterpart. */
  get leftOver(): readonly number[] {
    const read = new Set<number>();
    for (const equal of this.#byKey.lists()) {
      if (equal.some((index) => this.#taken.has(index))) for (const index of equal) read.add(index);
    }
    const isLeftOver = (index: number): boolean =>
      this.#roles[index] === "read" ? !read.has(index) : this.#roles[index] !== "free";
    return this.free.filter(isLeftOver);
  }
}

/** Numbers by a key, in the order in which they were added. Most keys have one number. */
class NumberLists {
  readonly #lists = new Map<string, number | { readonly numbers: number[]; taken: number }>();

  add(key: string, number: number): void {
    const list = this.#lists.get(key);
    if (list === undefined) this.#lists.set(key, number);
    else if (typeof list === "number") this.#lists.set(key, { numbers: [list, number], taken: 0 });
    else list.numbers.push(number);
  }

  get(key: string): readonly number[] {
    const list = this.#lists.get(key);
    if (list === undefined) return [];
    return typeof list === "number" ? [list] : list.numbers;
  }

  *lists(): Generator<readonly number[]> {
    for (const key of this.#lists.keys()) yield this.get(key);
  }

  /** The first numbers of a key that are not among `taken`. What is taken stays taken. */
  selectFirst(key: string, taken: ReadonlySet<number>, most: number): readonly number[] {
    const list = this.#lists.get(key);
    if (typeof list === "number") return taken.has(list) ? [] : [list];
    const first: number[] = [];
    if (list === undefined) return first;
    while (list.taken < list.numbers.length && taken.has(list.numbers[list.taken] as number)) list.taken += 1;
    for (let at = list.taken; at < list.numbers.length && first.length < most; at += 1) {
      const number = list.numbers[at] as number;
      if (!taken.has(number)) first.push(number);
    }
    return first;
  }
}

/** The differences of two requests. Their bodies count only where both are complete. */
export function comparePair(recorded: ComparedRequest, got: ComparedRequest): readonly FieldDifference[] {
  const body = recorded.isPartial || got.isPartial ? recorded.comparable.body : got.comparable.body;
  return compareRequests(recorded.comparable, { ...got.comparable, body });
}

/** A key has the body in it. */
export function digestKey({ key }: Pick<ComparedRequest, "key">): string {
  return createHash("sha256").update(key).digest().toString("latin1", 0, 16);
}

function formatOperationKey({ entry, operation }: ComparedRequest): string {
  return `${entry.method} ${operation.name}`;
}
