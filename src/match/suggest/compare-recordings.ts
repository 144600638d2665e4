/** Compares the second recording with the first under some rules, as if its requests came to a replay of the first. */
import type { Rules } from "../../cassette/model.ts";
import type { CassetteEntry } from "../../cassette/read.ts";
import { Bindings } from "../bindings.ts";
import type { NormalizeOptions } from "../normalize/normalize-body.ts";
import { isWindowChange } from "../resources.ts";
import { detectPresets } from "../rules/detect-presets.ts";
import { type ResolvedRules, resolveRules } from "../rules/resolve-rules.ts";
import { classifyDifference, type DifferenceVerdict, type VerdictEvidence } from "./classify-difference.ts";
import { type ComparedRecording, type ComparedRequest, findEntry, toComparedRequest } from "./compared-request.ts";
import { pairDaemonValues } from "./daemon-values.ts";
import { comparePair, UnpairedRequests } from "./pairing.ts";

/** One request of the second recording that has no equivalent in the first. */
export interface RequestFinding {
  readonly request: CassetteEntry;
  /** The request of the first recording that differs least; undefined if none is similar. */
  readonly counterpart: CassetteEntry | undefined;
  readonly verdicts: readonly DifferenceVerdict[];
  /** Its values cannot be bound: the recorded ones stand for others already. */
  readonly isContradictory: boolean;
}

export interface RecordingComparison {
  readonly findings: readonly RequestFinding[];
  /** Requests of the first recording that the second does not have. */
  readonly leftOver: readonly CassetteEntry[];
  /** How many values that the daemon generated were paired. */
  readonly daemonValues: number;
}

export async function compareRecordings(
  first: ComparedRecording,
  second: ComparedRecording,
  rules: Rules,
): Promise<RecordingComparison> {
  const resolved = resolveRules([{ ...rules, bind: Object.values(rules.bind) }], detectPresets(first.cassette));
  const run = new ComparisonRun(first, resolved, createEvidence(first, rules));
  for (const entry of first.cassette.entries) {
    run.unpaired.add(await toComparedRequest(entry, first, { rules: resolved }));
  }
  for (const entry of second.cassette.entries) await run.compare(await toComparedRequest(entry, second, run.options));
  const leftOver = run.unpaired.leftOver.map((index) => findEntry(first, index));
  return { findings: run.findings, leftOver, daemonValues: run.daemonValues };
}

class ComparisonRun {
  readonly unpaired: UnpairedRequests = new UnpairedRequests();
  readonly findings: RequestFinding[] = [];
  readonly options: NormalizeOptions;
  daemonValues = 0;
  readonly #bindings: Bindings = new Bindings();
  readonly #first: ComparedRecording;
  readonly #rules: ResolvedRules;
  readonly #evidence: VerdictEvidence;

  constructor(first: ComparedRecording, rules: ResolvedRules, evidence: VerdictEvidence) {
    this.#first = first;
    this.#rules = rules;
    this.options = { rules, translate: (text) => this.#bindings.toRecorded(text) };
    this.#evidence = evidence;
  }

  async compare(request: ComparedRequest): Promise<void> {
    if (isWindowChange(request.operation)) return;
    const equal = this.unpaired.findEqual(request);
    const counterpart = equal === undefined ? await this.#findCounterpart(request) : findEntry(this.#first, equal);
    if (counterpart === undefined) return;
    this.unpaired.take(counterpart.index);
    this.#bindDaemonValues(counterpart, request.entry);
  }

  /** The first of the similar requests that differ least. Its values are bound for the requests that follow. */
  async #findCounterpart(request: ComparedRequest): Promise<CassetteEntry | undefined> {
    const choices: RequestFinding[] = [];
    for (const index of this.unpaired.findSimilar(request)) choices.push(await this.#classify(index, request));
    const [best] = choices.sort((a, b) => weighFinding(a) - weighFinding(b));
    const finding = best ?? { request: request.entry, counterpart: undefined, verdicts: [], isContradictory: false };
    this.findings.push(finding);
    if (!finding.isContradictory) this.#bindings.bind(finding.verdicts.flatMap(({ pairs }) => pairs));
    return finding.counterpart;
  }

  async #classify(index: number, request: ComparedRequest): Promise<RequestFinding> {
    const counterpart = findEntry(this.#first, index);
    const recorded = await toComparedRequest(counterpart, this.#first, { rules: this.#rules });
    const differences = comparePair(recorded, request);
    const verdicts = differences.map((difference) => classifyDifference(difference, this.#evidence));
    const isContradictory = !this.#bindings.canBind(verdicts.flatMap(({ pairs }) => pairs));
    return { request: request.entry, counterpart, verdicts, isContradictory };
  }

  #bindDaemonValues(recorded: CassetteEntry, got: CassetteEntry): void {
    const { size } = this.#bindings;
    for (const pair of pairDaemonValues(recorded.skim().exchange.response, got.skim().exchange.response)) {
      if (this.#bindings.canBind([pair])) this.#bindings.bind([pair]);
    }
    this.daemonValues += this.#bindings.size - size;
  }
}

/** How unlikely it is that the two are one request: of several choices, the lowest rate is taken. */
function weighFinding({ verdicts, isContradictory }: RequestFinding): number {
  const rates = { recognised: 1, bind: 10, ignore: 10, beyond: 1000 };
  return verdicts.reduce((sum, { kind }) => sum + rates[kind], isContradictory ? 1000 : 0);
}

function createEvidence({ cassette }: ComparedRecording, { bind }: Rules): VerdictEvidence {
  const known = new Map<string, boolean>();
  const isRepeated = (value: string): boolean =>
    [...new Set([value, encodeURIComponent(value)])].some((text) => cassette.countText(text, 2) === 2);
  return {
    bindFields: Object.values(bind),
    isRepeated: (value) => {
      const answer = known.get(value) ?? isRepeated(value);
      known.set(value, answer);
      return answer;
    },
  };
}
