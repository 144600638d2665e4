/**
 * Pairs the exchanges of two recordings of a session by what they mean: the order of concurrent ones, and the values
 * that a daemon made, may differ. Each exchange has one counterpart at most.
 */
import type { FieldDifference } from "../match/compare-requests.ts";
import { detectPresets } from "../match/rules/detect-presets.ts";
import { type ResolvedRules, resolveRules, toRuleInput } from "../match/rules/resolve-rules.ts";
import { classifyDifference } from "../match/suggest/classify-difference.ts";
import {
  type ComparedRecording,
  type ComparedRequest,
  findEntry,
  toComparedRequest,
} from "../match/suggest/compared-request.ts";
import { comparePair, digestKey, UnpairedRequests } from "../match/suggest/pairing.ts";
import { parseOperation } from "../wire/operations/operation.ts";
import { AnswerContents } from "./answer-contents.ts";
import { ComingRequests } from "./coming-requests.ts";
import { type ComparedContext, type ContentDifference, compareContents } from "./compare-content.ts";
import { haveEqualTexts } from "./equal-texts.ts";
import { type ClientValues, collectClientValues } from "./session-values.ts";
import { IDENTIFYING, type TokenKind } from "./tokens.ts";
import { ValueMap } from "./value-map.ts";
import { ValueVotes } from "./value-votes.ts";

/** The numbers of two exchanges that mean the same, or nearly. */
export interface ExchangePair {
  readonly recorded: number;
  readonly got: number;
}

/** Two recordings side by side. */
export interface PairedRecordings {
  readonly pairs: readonly ExchangePair[];
  /** The numbers of exchanges that only the first recording has. */
  readonly gone: readonly number[];
  /** The numbers of exchanges that only the second recording has. */
  readonly came: readonly number[];
  /** Values of the second recording, with those of the first in whose place they stand. */
  readonly values: ValueMap;
  /** Whether the texts of a pair are known to mean the same: nothing in them is put back. */
  isTwin(pair: ExchangePair): boolean;
  /**
   * How the answers of a pair differ, the second one's values put back. `strict`: a value by which a thing is known has
   * been put back, or is another.
   */
  compareAnswers(pair: ExchangePair, values?: ValueMap, ids?: "strict"): Promise<readonly ContentDifference[]>;
  /** What both recordings have in the same places. */
  collectVotes(): Promise<ValueVotes>;
  createContext(pair: ExchangePair, values: ValueMap): ComparedContext;
  /** The request of the first recording's exchange number `index`. */
  describeRecorded(index: number): Promise<ComparedRequest>;
  /** The request of the second recording's exchange number `index`, with these values put back. */
  describe(index: number, values?: ValueMap): Promise<ComparedRequest>;
}

/** Whether the two exchanges mean the same: they differ only in what their daemons and clients made for one run. */
export async function isSameExchange(
  recordings: PairedRecordings,
  pair: ExchangePair,
  values: ValueMap = recordings.values,
): Promise<boolean> {
  const { key } = await recordings.describe(pair.got, values);
  if (key !== (await recordings.describeRecorded(pair.recorded)).key) return false;
  return (await recordings.compareAnswers(pair, values, "strict")).every(({ isMade }) => isMade);
}

export async function pairRecordings(first: ComparedRecording, second: ComparedRecording): Promise<PairedRecordings> {
  const rules = resolveRules([toRuleInput(first.cassette)], detectPresets(first.cassette));
  const pairing = new RecordingPairing(first, second, rules);
  await pairing.run();
  return pairing;
}

/** Keeps of each exchange its number, and a digest of its request. */
class RecordingPairing implements PairedRecordings {
  readonly pairs: ExchangePair[] = [];
  readonly came: number[] = [];
  readonly values: ValueMap = new ValueMap();
  readonly #first: ComparedRecording;
  readonly #second: ComparedRecording;
  readonly #rules: ResolvedRules;
  readonly #unpaired = new UnpairedRequests();
  /** Values that clients make for each run. */
  readonly #ofClient: (readonly [string, string, TokenKind | "name"])[] = [];
  readonly #clientValues: readonly ClientValues[];
  readonly #contents: { readonly first: AnswerContents; readonly second: AnswerContents };
  readonly #coming: ComingRequests;

  constructor(first: ComparedRecording, second: ComparedRecording, rules: ResolvedRules) {
    this.#first = first;
    this.#second = second;
    this.#rules = rules;
    this.#clientValues = [collectClientValues(first.cassette), collectClientValues(second.cassette)];
    this.#coming = new ComingRequests(second, rules);
    this.#contents = { first: new AnswerContents(first), second: new AnswerContents(second) };
  }

  get gone(): readonly number[] {
    return this.#unpaired.free;
  }

  async run(): Promise<void> {
    const rules = this.#rules;
    for (const entry of this.#first.cassette.entries)
      this.#unpaired.add(await toComparedRequest(entry, this.#first, { rules }));
    for (let index = 0; index < this.#second.cassette.entries.length; index += 1) await this.#pair(index);
  }

  async compareAnswers(
    pair: ExchangePair,
    values: ValueMap = this.values,
    ids?: "strict",
  ): Promise<readonly ContentDifference[]> {
    return this.#compareContents(pair, values, { isStrict: ids === "strict" });
  }

  async collectVotes(): Promise<ValueVotes> {
    const votes = new ValueVotes();
    const notePair = (recorded: string, got: string, kind: TokenKind | "name"): void => {
      const fresh = this.values.findNew(got) ?? got;
      if (kind !== "lapse") votes.add(recorded, fresh, kind);
    };
    for (const pair of this.pairs) await this.#compareContents(pair, this.values, { notePair });
    for (const [old, fresh, kind] of this.#ofClient) votes.add(old, fresh, kind);
    return votes;
  }

  describeRecorded(index: number): Promise<ComparedRequest> {
    return toComparedRequest(findEntry(this.#first, index), this.#first, { rules: this.#rules });
  }

  describe(index: number, values: ValueMap = this.values): Promise<ComparedRequest> {
    const translate = (text: string): string => values.restore(text);
    return toComparedRequest(findEntry(this.#second, index), this.#second, { rules: this.#rules, translate });
  }

  isTwin({ recorded, got }: ExchangePair): boolean {
    return haveEqualTexts(findEntry(this.#first, recorded), findEntry(this.#second, got), this.values);
  }

  createContext(
    { recorded }: Pick<ExchangePair, "recorded">,
    values: ValueMap,
    more: Pick<ComparedContext, "isStrict" | "notePair"> = {},
  ): ComparedContext {
    const findOperation = (): string => {
      const { method, target } = findEntry(this.#first, recorded);
      return parseOperation(method, target).name;
    };
    return {
      ...more,
      // Most comparisons do not ask for it, and there are several for each exchange.
      get operation() {
        return findOperation();
      },
      isClientValue: (value) => this.#clientValues.some((ofClient) => ofClient.has(value)),
      areOthers: (one, other) => values.hasOld(one) || values.hasOld(other),
      isPaired: (old) => values.hasOld(old),
    };
  }

  async #pair(index: number): Promise<void> {
    const next = (this.pairs.at(-1)?.recorded ?? -1) + 1;
    const pair = { recorded: next, got: index };
    if (this.#unpaired.isFirstEqual(next) && this.isTwin(pair)) this.#keepPair(pair);
    else await this.#pairByMeaning(index);
  }

  #keepPair(pair: ExchangePair): void {
    this.#unpaired.take(pair.recorded);
    this.pairs.push(pair);
  }

  async #pairByMeaning(index: number): Promise<void> {
    const got = await this.describe(index);
    const recorded = (await this.#chooseEqual(got)) ?? (await this.#chooseSimilar(got));
    if (recorded === undefined) {
      this.came.push(index);
      return;
    }
    const pair = { recorded, got: index };
    this.#keepPair(pair);
    await this.#bindIds(pair);
  }

  /** Of equal requests the one with an equal answer; else the first. */
  async #chooseEqual(got: ComparedRequest): Promise<number | undefined> {
    const candidates = this.#unpaired.listEqual(got);
    if (candidates.length < 2) return candidates[0];
    for (const recorded of candidates) {
      const differences = await this.compareAnswers({ recorded, got: got.entry.index });
      if (differences.every(({ isMade }) => isMade)) return recorded;
    }
    return candidates[0];
  }

  /** A request that changed: the same operation on the same thing, and nothing equal to the old one is still to come. */
  async #chooseSimilar(got: ComparedRequest): Promise<number | undefined> {
    const rated: { index: number; differences: readonly FieldDifference[]; rate: number }[] = [];
    for (const index of this.#unpaired.listSimilar(got)) {
      const recorded = await this.describeRecorded(index);
      if (await this.#coming.has(digestKey(recorded), got.entry.index)) continue;
      const differences = comparePair(recorded, got);
      const rate = rateDifferences(differences);
      if (rate !== undefined) rated.push({ index, differences, rate });
    }
    const [best] = rated.sort((a, b) => a.rate - b.rate);
    for (const { field, recorded, got: value } of best?.differences ?? []) this.#bindNames(field, recorded, value);
    return best?.index;
  }

  /** Values that the client generates for each run. */
  #bindNames(field: string, recorded: string | undefined, got: string | undefined): void {
    const { kind, pairs } = classifyDifference({ field, recorded, got }, { bindFields: [], isRepeated: () => false });
    if (kind !== "recognised") return;
    for (const [old, fresh] of pairs) {
      if (this.values.add(old, fresh, "name")) this.#ofClient.push([old, fresh, "name"]);
    }
  }

  async #bindIds(pair: ExchangePair): Promise<void> {
    const notePair = (old: string, fresh: string, kind: TokenKind | "name"): void => {
      if (old === fresh || (kind !== "name" && !IDENTIFYING.has(kind))) return;
      this.values.add(old, fresh, kind);
    };
    await this.#compareContents(pair, this.values, { notePair });
  }

  async #compareContents(
    pair: ExchangePair,
    values: ValueMap,
    more: Pick<ComparedContext, "isStrict" | "notePair">,
  ): Promise<readonly ContentDifference[]> {
    const { first, second } = this.#contents;
    const [one, other] = [await first.read(pair.recorded), values.restoreContent(await second.read(pair.got))];
    return compareContents(one, other, this.createContext(pair, values, more));
  }
}

/** How much two requests differ; undefined where they go to different things. */
function rateDifferences(differences: readonly FieldDifference[]): number | undefined {
  let rate = 0;
  for (const difference of differences) {
    const { kind } = classifyDifference(difference, { bindFields: [], isRepeated: () => false });
    if (/^(?:method|path)$/.test(difference.field) && kind !== "recognised") return undefined;
    rate += kind === "recognised" ? 1 : 10;
  }
  return rate;
}
