/** The requests of the first recording, until each has its counterpart in the second. */
import { compareRequests, type FieldDifference } from "../compare-requests.ts";
import type { ComparedRequest } from "./compared-request.ts";

/** How many similar requests are compared to find a counterpart. */
const COMPARED = 20;

export class UnpairedRequests {
  readonly #byKey = new Map<string, ComparedRequest[]>();
  readonly #byOperation = new Map<string, ComparedRequest[]>();
  readonly #taken = new Set<ComparedRequest>();

  add(request: ComparedRequest): void {
    addToList(this.#byKey, request.key, request);
    addToList(this.#byOperation, formatOperationKey(request), request);
  }

  take(request: ComparedRequest): void {
    this.#taken.add(request);
  }

  /** An equivalent request. Reads and streams can be taken again. */
  findEqual({ key }: ComparedRequest): ComparedRequest | undefined {
    const equal = this.#byKey.get(key) ?? [];
    return this.#selectFree(equal, 1)[0] ?? equal.find(({ role }) => role !== "change");
  }

  /** Requests of the same operation that could be the counterpart, in recorded order. */
  findSimilar(request: ComparedRequest): readonly ComparedRequest[] {
    const similar = this.#byOperation.get(formatOperationKey(request)) ?? [];
    const free = this.#selectFree(similar, COMPARED);
    return free.length > 0 ? free : similar.filter(({ role }) => role !== "change").slice(-COMPARED);
  }

  /** Changes and streams without a counterpart, and reads of which no equivalent one has a counterpart. */
  get leftOver(): readonly ComparedRequest[] {
    const isLeftOver = (request: ComparedRequest): boolean =>
      request.role === "read" ? !this.#isRead(request) : request.role !== "free" && !this.#taken.has(request);
    const requests = [...this.#byOperation.values()].flat().filter(isLeftOver);
    return requests.sort((a, b) => a.entry.index - b.entry.index);
  }

  #isRead({ key }: ComparedRequest): boolean {
    return this.#byKey.get(key)?.some((request) => this.#taken.has(request)) === true;
  }

  #selectFree(requests: readonly ComparedRequest[], limit: number): readonly ComparedRequest[] {
    const free: ComparedRequest[] = [];
    for (const request of requests) {
      if (!this.#taken.has(request)) free.push(request);
      if (free.length === limit) break;
    }
    return free;
  }
}

/** The differences of two requests. Their bodies count only where both are complete. */
export function comparePair(recorded: ComparedRequest, got: ComparedRequest): readonly FieldDifference[] {
  const body = recorded.isPartial || got.isPartial ? recorded.comparable.body : got.comparable.body;
  return compareRequests(recorded.comparable, { ...got.comparable, body });
}

function formatOperationKey({ entry, operation }: ComparedRequest): string {
  return `${entry.method} ${operation.name}`;
}

function addToList(lists: Map<string, ComparedRequest[]>, key: string, request: ComparedRequest): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [request]);
  else list.push(request);
}
