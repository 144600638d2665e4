/**
 * Pairs the exchanges of two recordings of a session by what they mean: the order of concurrent ones, and the values
 * that a daemon made, may differ. Each exchange has one counterpart at most.
 */
import type { CassetteEntry } from "../cassette/read.ts";
import type { FieldDifference } from "../match/compare-requests.ts";
import { detectPresets } from "../match/rules/detect-presets.ts";
import { type ResolvedRules, resolveRules, toRuleInput } from "../match/rules/resolve-rules.ts";
import { classifyDifference } from "../match/suggest/classify-difference.ts";
import { type ComparedRecording, type ComparedRequest, toComparedRequest } from "../match/suggest/compared-request.ts";
import { comparePair } from "../match/suggest/pairing.ts";
import { toAnswerContent } from "./answer-content.ts";
import { type ComparedContext, type ContentDifference, compareContents } from "./compare-content.ts";
import { collectSessionValues, type SessionValues } from "./session-values.ts";
import { IDENTIFYING, type TokenKind } from "./tokens.ts";
import { ValueMap } from "./value-map.ts";
import { ValueVotes } from "./value-votes.ts";

/** So many candidates are compared to find the counterpart of a request. */
const COMPARED = 20;

export interface ExchangePair {
  readonly recorded: ComparedRequest;
  readonly got: ComparedRequest;
  /** How the requests differ; empty for one and the same request. */
  readonly requestDifferences: readonly FieldDifference[];
}

/** Two recordings side by side. */
export interface PairedRecordings {
  readonly pairs: readonly ExchangePair[];
  readonly gone: readonly CassetteEntry[];
  readonly came: readonly CassetteEntry[];
  /** Values of the second recording, with those of the first in whose place they stand. */
  readonly values: ValueMap;
  readonly sessions: { readonly recorded: SessionValues; readonly got: SessionValues };
  /**
   * How the answers of a pair differ, the second one's values put back. `strict`: a value by which a thing is known has
   * been put back, or is another.
   */
  compareAnswers(pair: ExchangePair, values?: ValueMap, ids?: "strict"): Promise<readonly ContentDifference[]>;
  /** What both recordings have in the same places. */
  collectVotes(): Promise<ValueVotes>;
  createContext(pair: ExchangePair, values: ValueMap): ComparedContext;
  /** The request of the second recording's exchange number `index`, with these values put back. */
  describe(index: number, values?: ValueMap): Promise<ComparedRequest>;
}

/** Whether the two exchanges mean the same: they differ only in what their daemons and clients made for one run. */
export async function isSameExchange(
  recordings: PairedRecordings,
  pair: ExchangePair,
  values: ValueMap = recordings.values,
): Promise<boolean> {
  const { key } = await recordings.describe(pair.got.entry.index, values);
  if (key !== pair.recorded.key) return false;
  return (await recordings.compareAnswers(pair, values, "strict")).every(({ isMade }) => isMade);
}

export async function pairRecordings(first: ComparedRecording, second: ComparedRecording): Promise<PairedRecordings> {
  const rules = resolveRules([toRuleInput(first.cassette)], detectPresets(first.cassette));
  const pairing = new RecordingPairing(first, second, rules);
  await pairing.run();
  return pairing;
}

class RecordingPairing implements PairedRecordings {
  readonly pairs: ExchangePair[] = [];
  readonly came: CassetteEntry[] = [];
  readonly values: ValueMap = new ValueMap();
  readonly sessions: PairedRecordings["sessions"];
  readonly #first: ComparedRecording;
  readonly #second: ComparedRecording;
  readonly #rules: ResolvedRules;
  readonly #free = new Set<ComparedRequest>();
  readonly #freeByKey = new Map<string, ComparedRequest[]>();
  readonly #freeByOperation = new Map<string, ComparedRequest[]>();
  /** Values that clients make for each run. */
  readonly #ofClient: (readonly [string, string, TokenKind | "name"])[] = [];
  readonly #contents = new Map<CassetteEntry, unknown>();
  /** How often a request of this key is still to come. */
  readonly #coming = new Map<string, number>();

  constructor(first: ComparedRecording, second: ComparedRecording, rules: ResolvedRules) {
    this.#first = first;
    this.#second = second;
    this.#rules = rules;
    this.sessions = { recorded: collectSessionValues(first.cassette), got: collectSessionValues(second.cassette) };
  }

  get gone(): readonly CassetteEntry[] {
    return [...this.#free].map(({ entry }) => entry);
  }

  async run(): Promise<void> {
    const rules = this.#rules;
    for (const entry of this.#first.cassette.entries) this.#add(await toComparedRequest(entry, this.#first, { rules }));
    for (const entry of this.#second.cassette.entries) {
      const { key } = await toComparedRequest(entry, this.#second, { rules });
      this.#coming.set(key, (this.#coming.get(key) ?? 0) + 1);
    }
    for (const entry of this.#second.cassette.entries) await this.#pair(entry);
  }

  async compareAnswers(
    { recorded, got }: ExchangePair,
    values: ValueMap = this.values,
    ids?: "strict",
  ): Promise<readonly ContentDifference[]> {
    const [one, other] = [await this.#read(recorded.entry), values.restoreContent(await this.#read(got.entry))];
    const context = { ...this.createContext({ recorded }, values), isStrict: ids === "strict" };
    return compareContents(one, other, context);
  }

  async collectVotes(): Promise<ValueVotes> {
    const votes = new ValueVotes();
    const notePair = (recorded: string, got: string, kind: TokenKind | "name"): void => {
      const fresh = this.values.findNew(got) ?? got;
      if (kind !== "lapse") votes.add(recorded, fresh, kind);
    };
    for (const { recorded, got } of this.pairs) {
      const [one, other] = [await this.#read(recorded.entry), this.values.restoreContent(await this.#read(got.entry))];
      compareContents(one, other, { ...this.createContext({ recorded }, this.values), notePair });
    }
    for (const [old, fresh, kind] of this.#ofClient) votes.add(old, fresh, kind);
    return votes;
  }

  describe(index: number, values: ValueMap = this.values): Promise<ComparedRequest> {
    const entry = this.#second.cassette.entries[index] as CassetteEntry;
    return toComparedRequest(entry, this.#second, { rules: this.#rules, translate: (text) => values.restore(text) });
  }

  createContext({ recorded: { operation } }: Pick<ExchangePair, "recorded">, values: ValueMap): ComparedContext {
    const { recorded, got } = this.sessions;
    return {
      operation: operation.name,
      isClientValue: (value) => recorded.isOfClient(value) || got.isOfClient(value),
      areOthers: (one, other) => values.hasOld(one) || values.hasOld(other),
      isPaired: (old) => values.hasOld(old),
    };
  }

  #add(request: ComparedRequest): void {
    this.#free.add(request);
    addToList(this.#freeByKey, request.key, request);
    addToList(this.#freeByOperation, formatKind(request), request);
  }

  async #pair(entry: CassetteEntry): Promise<void> {
    const { key } = await toComparedRequest(entry, this.#second, { rules: this.#rules });
    this.#coming.set(key, (this.#coming.get(key) ?? 1) - 1);
    const got = await this.describe(entry.index);
    const recorded = (await this.#chooseEqual(got)) ?? this.#chooseSimilar(got);
    if (recorded === undefined) {
      this.came.push(entry);
      return;
    }
    this.#free.delete(recorded);
    const pair = { recorded, got, requestDifferences: recorded.key === got.key ? [] : comparePair(recorded, got) };
    this.pairs.push(pair);
    await this.#bindIds(pair);
  }

  /** Of equal requests the one with an equal answer; else the first. */
  async #chooseEqual(got: ComparedRequest): Promise<ComparedRequest | undefined> {
    const candidates = this.#selectFree(this.#freeByKey.get(got.key));
    if (candidates.length < 2) return candidates[0];
    for (const recorded of candidates) {
      const differences = await this.compareAnswers({ recorded, got, requestDifferences: [] });
      if (differences.every(({ isMade }) => isMade)) return recorded;
    }
    return candidates[0];
  }

  /** A request that changed: the same operation on the same thing, and nothing equal to the old one is still to come. */
  #chooseSimilar(got: ComparedRequest): ComparedRequest | undefined {
    const candidates = this.#selectFree(this.#freeByOperation.get(formatKind(got)))
      .filter(({ key }) => (this.#coming.get(key) ?? 0) === 0)
      .map((recorded) => ({ recorded, differences: comparePair(recorded, got) }));
    const rated = candidates.flatMap(({ recorded, differences }) => {
      const rate = rateDifferences(differences);
      return rate === undefined ? [] : [{ recorded, differences, rate }];
    });
    const [best] = rated.sort((a, b) => a.rate - b.rate);
    for (const { field, recorded, got: value } of best?.differences ?? []) this.#bindNames(field, recorded, value);
    return best?.recorded;
  }

  /** Values that the client generates for each run. */
  #bindNames(field: string, recorded: string | undefined, got: string | undefined): void {
    const { kind, pairs } = classifyDifference({ field, recorded, got }, { bindFields: [], isRepeated: () => false });
    if (kind !== "recognised") return;
    for (const [old, fresh] of pairs) {
      if (this.values.add(old, fresh, "name")) this.#ofClient.push([old, fresh, "name"]);
    }
  }

  async #bindIds({ recorded, got }: ExchangePair): Promise<void> {
    const notePair = (old: string, fresh: string, kind: TokenKind | "name"): void => {
      if (old === fresh || (kind !== "name" && !IDENTIFYING.has(kind))) return;
      this.values.add(old, fresh, kind);
    };
    const [one, other] = [await this.#read(recorded.entry), this.values.restoreContent(await this.#read(got.entry))];
    compareContents(one, other, { ...this.createContext({ recorded }, this.values), notePair });
  }

  #selectFree(requests: readonly ComparedRequest[] = []): readonly ComparedRequest[] {
    const free: ComparedRequest[] = [];
    for (const request of requests) {
      if (this.#free.has(request)) free.push(request);
      if (free.length === COMPARED) break;
    }
    return free;
  }

  async #read(entry: CassetteEntry): Promise<unknown> {
    const known = this.#contents.get(entry);
    if (known !== undefined) return known;
    const isFirst = this.#first.cassette.entries[entry.index] === entry;
    const content = await toAnswerContent(entry.readExchange(), (isFirst ? this.#first : this.#second).pieces);
    this.#contents.set(entry, content);
    return content;
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

function formatKind({ entry, operation }: ComparedRequest): string {
  return `${entry.method} ${operation.name}`;
}

function addToList(lists: Map<string, ComparedRequest[]>, key: string, request: ComparedRequest): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [request]);
  else list.push(request);
}
