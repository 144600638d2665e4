import { isSameBody, type NormalizedBody } from "../../match/normalize-body.ts";
import type { ResolvedRules } from "../../match/rules/resolve-rules.ts";
import type { PlacedExchange } from "../history/place-exchanges.ts";

/** The body of a recorded request in the form in which it is compared; computed once for each exchange. */
export type NormalizeRecordedBody = (placed: PlacedExchange) => NormalizedBody | Promise<NormalizedBody>;

export interface ChangeQueueOptions {
  /** Shared by the whole deck: a change can be in two queues, under two names of its container. */
  readonly played: Set<PlacedExchange>;
  readonly rules: ResolvedRules;
}

/** The recorded changes of one method, path and query: played once each, in recorded order for equal bodies. */
export class ChangeQueue {
  readonly #changes: PlacedExchange[] = [];
  readonly #played: Set<PlacedExchange>;
  readonly #rules: ResolvedRules;
  #firstUnplayed = 0;

  constructor({ played, rules }: ChangeQueueOptions) {
    this.#played = played;
    this.#rules = rules;
  }

  add(change: PlacedExchange): void {
    this.#changes.push(change);
  }

  /** Whether the body decides which change is played. Not where the next one was answered before its body had come. */
  get needsBody(): boolean {
    return this.#changes.length > 0 && !isPartial(this.#changes[this.#firstUnplayed]);
  }

  /**
   * Takes the first unplayed change with an equal body. Choosing and taking are one step, so that two equal requests at
   * the same time never get the same answer.
   */
  async take(body: NormalizedBody, normalizeBody: NormalizeRecordedBody): Promise<PlacedExchange | undefined> {
    for (let at = this.#firstUnplayed; at < this.#changes.length; at += 1) {
      const change = this.#changes[at] as PlacedExchange;
      if (this.#played.has(change)) continue;
      const recorded = await normalizeBody(change);
      // While the body was read, another request may have taken the change.
      if (this.#played.has(change) || !hasSameBody(change, recorded, body)) continue;
      this.#markPlayed(change);
      return change;
    }
    return this.#find(body, normalizeBody, (change) => this.#played.has(change) && this.#isRepeatable(change));
  }

  /** A change with an equal body that was played before. */
  async findPlayed(body: NormalizedBody, normalizeBody: NormalizeRecordedBody): Promise<PlacedExchange | undefined> {
    return this.#find(body, normalizeBody, (change) => this.#played.has(change));
  }

  async #find(
    body: NormalizedBody,
    normalizeBody: NormalizeRecordedBody,
    matches: (change: PlacedExchange) => boolean,
  ): Promise<PlacedExchange | undefined> {
    for (const change of this.#changes) {
      if (matches(change) && hasSameBody(change, await normalizeBody(change), body)) return change;
    }
    return undefined;
  }

  #isRepeatable(change: PlacedExchange): boolean {
    return change.entry.readExchange().repeat === true || (isSignal(change) && this.#rules.allows("signals"));
  }

  /** Changes that were played count as unplayed again, or the other way round. */
  recount(): void {
    this.#firstUnplayed = 0;
    this.#skipPlayed();
  }

  #markPlayed(change: PlacedExchange): void {
    this.#played.add(change);
    this.#skipPlayed();
  }

  #skipPlayed(): void {
    for (;;) {
      const first = this.#changes[this.#firstUnplayed];
      if (first === undefined || !this.#played.has(first)) return;
      this.#firstUnplayed += 1;
    }
  }
}

/** A signal may come more or less often than it was recorded: clients pass on each one that they get. */
export function isSignal({ operation }: PlacedExchange): boolean {
  const signal = operation.query.find(([name]) => name === "signal")?.[1] ?? "KILL";
  return operation.name === "ContainerKill" && !/^(SIG)?KILL$|^9$/.test(signal);
}

function hasSameBody(change: PlacedExchange, recorded: NormalizedBody, got: NormalizedBody): boolean {
  return isSameBody(recorded, got) || isPartial(change);
}

function isPartial(placed: PlacedExchange | undefined): boolean {
  return placed?.entry.readExchange().request.isPartial === true;
}
