import { readStatus } from "../../cassette/read.ts";
import { isSameBody, type NormalizedBody } from "../../match/normalize/normalize-body.ts";
import type { ResolvedRules } from "../../match/rules/resolve-rules.ts";
import type { PlacedExchange } from "../history/place-exchanges.ts";

/** The body of a recorded request in the form in which it is compared; computed once for each exchange. */
export type NormalizeRecordedBody = (placed: PlacedExchange) => NormalizedBody | Promise<NormalizedBody>;

/** A promise only where a recorded body has to be read, or a client's own rules decide. */
export type FoundChange = PlacedExchange | undefined | Promise<PlacedExchange | undefined>;

/** Whether the client that asks would send this recorded request itself. */
export type FitsClient = (placed: PlacedExchange) => Promise<boolean>;

/** How many equal changes are looked through for one of the client that asks. */
const SEARCHED = 100;

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
   * Takes the first unplayed change with an equal body, or the first one of the client that asks. Choosing and taking are
   * one step, so that two equal requests at the same time never get the same answer.
   * @param fits undefined where all clients of the recording have the same rules
   */
  take(body: NormalizedBody, normalizeBody: NormalizeRecordedBody, fits?: FitsClient): FoundChange {
    const isAlone = this.#changes.length - this.#firstUnplayed < 2;
    return fits === undefined || isAlone
      ? this.#takeFrom(this.#firstUnplayed, body, normalizeBody)
      : this.#takeFitting(body, normalizeBody, fits);
  }

  #takeFrom(from: number, body: NormalizedBody, normalizeBody: NormalizeRecordedBody): FoundChange {
    for (let at = from; at < this.#changes.length; at += 1) {
      const change = this.#changes[at] as PlacedExchange;
      if (this.#played.has(change)) continue;
      const recorded = normalizeBody(change);
      if (recorded instanceof Promise) {
        return recorded.then(
          (read) => this.#takeIfEqual(change, read, body) ?? this.#takeFrom(at + 1, body, normalizeBody),
        );
      }
      if (this.#takeIfEqual(change, recorded, body) !== undefined) return change;
    }
    return this.#findRepeatable(body, normalizeBody);
  }

  /** While the body was read, another request may have taken the change. */
  #takeIfEqual(change: PlacedExchange, recorded: NormalizedBody, got: NormalizedBody): PlacedExchange | undefined {
    if (this.#played.has(change) || !hasSameBody(change, recorded, got)) return undefined;
    this.#markPlayed(change);
    return change;
  }

  async #takeFitting(
    body: NormalizedBody,
    normalizeBody: NormalizeRecordedBody,
    fits: FitsClient,
  ): Promise<PlacedExchange | undefined> {
    for (let at = this.#firstUnplayed; at < this.#changes.length; at += 1) {
      const change = this.#changes[at] as PlacedExchange;
      if (this.#played.has(change)) continue;
      const recorded = await normalizeBody(change);
      // While the body was read, another request may have taken the change.
      if (this.#played.has(change) || !hasSameBody(change, recorded, body)) continue;
      const chosen = await this.#chooseFitting(at, body, fits, normalizeBody);
      if (this.#played.has(chosen)) {
        at -= 1;
        continue;
      }
      this.#markPlayed(chosen);
      return chosen;
    }
    return this.#findRepeatable(body, normalizeBody);
  }

  #findRepeatable(body: NormalizedBody, normalizeBody: NormalizeRecordedBody): FoundChange {
    return this.#find(body, normalizeBody, (change) => this.#played.has(change) && this.#isRepeatable(change));
  }

  /**
   * Of the changes that are equal by the rules of all clients, the first one that is equal by those of the client that
   * asks, too. Where it has none, the joined rules stand: another release, or another client, plays this one's part.
   * Where the daemon answered them with other statuses, their order decided, and not the client.
   */
  async #chooseFitting(
    from: number,
    body: NormalizedBody,
    fits: FitsClient,
    normalizeBody: NormalizeRecordedBody,
  ): Promise<PlacedExchange> {
    const first = this.#changes[from] as PlacedExchange;
    if (isPartial(first)) return first;
    for (const change of this.#changes.slice(from, from + SEARCHED)) {
      if (this.#played.has(change) || !hasSameBody(change, await normalizeBody(change), body)) continue;
      if (readStatus(change.entry) === readStatus(first.entry) && (await fits(change))) return change;
    }
    return first;
  }

  /** A change with an equal body that was played before. */
  findPlayed(body: NormalizedBody, normalizeBody: NormalizeRecordedBody): FoundChange {
    return this.#find(body, normalizeBody, (change) => this.#played.has(change));
  }

  #find(
    body: NormalizedBody,
    normalizeBody: NormalizeRecordedBody,
    matches: (change: PlacedExchange) => boolean,
    from = 0,
  ): FoundChange {
    for (let at = from; at < this.#changes.length; at += 1) {
      const change = this.#changes[at] as PlacedExchange;
      if (!matches(change)) continue;
      const recorded = normalizeBody(change);
      if (recorded instanceof Promise) {
        return recorded.then((read) =>
          hasSameBody(change, read, body) ? change : this.#find(body, normalizeBody, matches, at + 1),
        );
      }
      if (hasSameBody(change, recorded, body)) return change;
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
  return recorded === got || isSameBody(recorded, got) || isPartial(change);
}

function isPartial(placed: PlacedExchange | undefined): boolean {
  return placed?.entry.readExchange().request.isPartial === true;
}
