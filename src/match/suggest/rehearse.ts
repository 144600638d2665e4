/** Goes through the second recording as if it were asked of the first, under the rules given. */
import type { Rules } from "../../cassette/model.ts";
import { Bindings } from "../bindings.ts";
import type { Reading } from "../body.ts";
import { isWindowChange } from "../resources.ts";
import { detectPresets } from "../rules/detect.ts";
import { type Ruling, rulingOf } from "../rules/ruling.ts";
import { daemonWords } from "./daemon-words.ts";
import { differencesBetween, Shelf } from "./shelf.ts";
import { type Line, lineOf, type Side } from "./side.ts";
import { type Evidence, type Verdict, verdictOn } from "./verdict.ts";

/** One request of the second recording that is not asked as it was recorded. */
export interface Finding {
  readonly line: Line;
  /** What it is the second time of; undefined if nothing alike was recorded. */
  readonly counterpart: Line | undefined;
  readonly verdicts: readonly Verdict[];
  /** Its values cannot stand for the recorded ones: those stand for others already. */
  readonly isContradictory: boolean;
}

export interface Rehearsal {
  readonly findings: readonly Finding[];
  /** What was recorded the first time and not asked for the second time. */
  readonly left: readonly Line[];
  /** Values that the daemon made up. */
  readonly daemonWords: number;
}

export async function rehearse(first: Side, second: Side, rules: Rules): Promise<Rehearsal> {
  const ruling = rulingOf([{ ...rules, bind: Object.values(rules.bind) }], detectPresets(first.cassette));
  const stage = new Stage(ruling, evidenceOf(first, rules));
  for (const entry of first.cassette.entries) stage.shelf.add(await lineOf(entry, first, { ruling }));
  for (const entry of second.cassette.entries) stage.hear(await lineOf(entry, second, stage.reading));
  return { findings: stage.findings, left: stage.shelf.left, daemonWords: stage.daemonWords };
}

class Stage {
  readonly shelf: Shelf = new Shelf();
  readonly findings: Finding[] = [];
  readonly reading: Reading;
  daemonWords = 0;
  readonly #bindings: Bindings = new Bindings();
  readonly #evidence: Evidence;

  constructor(ruling: Ruling, evidence: Evidence) {
    this.reading = { ruling, translate: (text) => this.#bindings.toRecorded(text) };
    this.#evidence = evidence;
  }

  hear(line: Line): void {
    if (isWindowChange(line.operation)) return;
    const counterpart = this.shelf.same(line) ?? this.#find(line);
    if (counterpart === undefined) return;
    this.shelf.take(counterpart);
    this.#learn(counterpart, line);
  }

  /** The counterpart of a line that was not recorded as it is: the first of those that differ least. */
  #find(line: Line): Line | undefined {
    const choices = this.shelf.alike(line).map((recorded) => this.#judge(recorded, line));
    const [best] = choices.sort((a, b) => badness(a) - badness(b));
    const finding = best ?? { line, counterpart: undefined, verdicts: [], isContradictory: false };
    this.findings.push(finding);
    if (!finding.isContradictory) this.#bindings.bind(finding.verdicts.flatMap(({ pairs }) => pairs));
    return finding.counterpart;
  }

  #judge(counterpart: Line, line: Line): Finding {
    const verdicts = differencesBetween(counterpart, line).map((found) => verdictOn(found, this.#evidence));
    const isContradictory = !this.#bindings.canBind(verdicts.flatMap(({ pairs }) => pairs));
    return { line, counterpart, verdicts, isContradictory };
  }

  #learn(counterpart: Line, line: Line): void {
    const before = this.#bindings.pairs.length;
    for (const pair of daemonWords(counterpart.entry.exchange().response, line.entry.exchange().response)) {
      if (this.#bindings.canBind([pair])) this.#bindings.bind([pair]);
    }
    this.daemonWords += this.#bindings.pairs.length - before;
  }
}

/** How bad it is to take two requests for one that differ so: of several, the least bad are one. */
function badness({ verdicts, isContradictory }: Finding): number {
  const badnessOf = { recognised: 1, bind: 10, ignore: 10, beyond: 1000 };
  return verdicts.reduce((sum, { kind }) => sum + badnessOf[kind], isContradictory ? 1000 : 0);
}

function evidenceOf({ cassette }: Side, { bind }: Rules): Evidence {
  const text = cassette.entries.map((entry) => entry.text()).join("");
  return {
    bound: Object.values(bind),
    isSaidAgain: (value) => text.split(value).length > 2 || text.split(encodeURIComponent(value)).length > 2,
  };
}
