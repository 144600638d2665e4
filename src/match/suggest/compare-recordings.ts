/** Compares the second recording with the first under some rules, as if its requests came to a replay of the first. */
import type { Rules } from "../../cassette/model.ts";
import { Bindings } from "../bindings.ts";
import type { NormalizeOptions } from "../normalize-body.ts";
import { isWindowChange } from "../resources.ts";
import { detectPresets } from "../rules/detect-presets.ts";
import { type ResolvedRules, resolveRules } from "../rules/resolve-rules.ts";
import { classifyDifference, type DifferenceVerdict, type VerdictEvidence } from "./classify-difference.ts";
import { type ComparedRecording, type ComparedRequest, toComparedRequest } from "./compared-request.ts";
import { pairDaemonValues } from "./daemon-values.ts";
import { comparePair, UnpairedRequests } from "./pairing.ts";

/** One request of the second recording that has no equivalent in the first. */
export interface RequestFinding {
  readonly request: ComparedRequest;
  /** The request of the first recording that differs least; undefined if none is similar. */
  readonly counterpart: ComparedRequest | undefined;
  readonly verdicts: readonly DifferenceVerdict[];
  /** Its values cannot be bound: the recorded ones stand for others already. */
  readonly isContradictory: boolean;
}

export interface RecordingComparison {
  readonly findings: readonly RequestFinding[];
  /** Requests of the first recording that the second does not have. */
  readonly leftOver: readonly ComparedRequest[];
  /** How many values that the daemon generated were paired. */
  readonly daemonValues: number;
}

export async function compareRecordings(
  first: ComparedRecording,
  second: ComparedRecording,
  rules: Rules,
): Promise<RecordingComparison> {
  const resolved = resolveRules([{ ...rules, bind: Object.values(rules.bind) }], detectPresets(first.cassette));
  const run = new ComparisonRun(resolved, createEvidence(first, rules));
  for (const entry of first.cassette.entries) {
    run.unpaired.add(await toComparedRequest(entry, first, { rules: resolved }));
  }
  for (const entry of second.cassette.entries) run.compare(await toComparedRequest(entry, second, run.options));
  return { findings: run.findings, leftOver: run.unpaired.leftOver, daemonValues: run.daemonValues };
}

class ComparisonRun {
  readonly unpaired: UnpairedRequests = new UnpairedRequests();
  readonly findings: RequestFinding[] = [];
  readonly options: NormalizeOptions;
  daemonValues = 0;
  readonly #bindings: Bindings = new Bindings();
  readonly #evidence: VerdictEvidence;

  constructor(rules: ResolvedRules, evidence: VerdictEvidence) {
    this.options = { rules, translate: (text) => this.#bindings.toRecorded(text) };
    this.#evidence = evidence;
  }

  compare(request: ComparedRequest): void {
    if (isWindowChange(request.operation)) return;
    const counterpart = this.unpaired.findEqual(request) ?? this.#findCounterpart(request);
    if (counterpart === undefined) return;
    this.unpaired.take(counterpart);
    this.#bindDaemonValues(counterpart, request);
  }

  /** The first of the similar requests that differ least. Its values are bound for the requests that follow. */
  #findCounterpart(request: ComparedRequest): ComparedRequest | undefined {
    const choices = this.unpaired.findSimilar(request).map((recorded) => this.#classify(recorded, request));
    const [best] = choices.sort((a, b) => weighFinding(a) - weighFinding(b));
    const finding = best ?? { request, counterpart: undefined, verdicts: [], isContradictory: false };
    this.findings.push(finding);
    if (!finding.isContradictory) this.#bindings.bind(finding.verdicts.flatMap(({ pairs }) => pairs));
    return finding.counterpart;
  }

  #classify(counterpart: ComparedRequest, request: ComparedRequest): RequestFinding {
    const differences = comparePair(counterpart, request);
    const verdicts = differences.map((difference) => classifyDifference(difference, this.#evidence));
    const isContradictory = !this.#bindings.canBind(verdicts.flatMap(({ pairs }) => pairs));
    return { request, counterpart, verdicts, isContradictory };
  }

  #bindDaemonValues({ entry: recorded }: ComparedRequest, { entry: got }: ComparedRequest): void {
    const { size } = this.#bindings;
    for (const pair of pairDaemonValues(recorded.readExchange().response, got.readExchange().response)) {
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
  const text = cassette.entries.map((entry) => entry.readText()).join("");
  return {
    bindFields: Object.values(bind),
    isRepeated: (value) => text.split(value).length > 2 || text.split(encodeURIComponent(value)).length > 2,
  };
}
