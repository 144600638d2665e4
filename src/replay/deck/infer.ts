/** Finds out which of today's values stand for recorded ones, from a request that nothing recorded answers as it is. */

import { Bindings } from "../../match/bindings.ts";
import { type BodyMeaning, isMultiset } from "../../match/body.ts";
import { type Comparable, type Difference, differences } from "../../match/difference.ts";
import { type Pair, randomPairs } from "../../match/random.ts";
import type { Ruling } from "../../match/rules/ruling.ts";
import type { Scene } from "../history/history.ts";

/** How many recorded requests are tried. */
const TRIED = 200;

export interface Inference {
  /** Recorded requests that might be the one, in recorded order. */
  readonly candidates: Iterable<Scene>;
  readonly got: Comparable;
  readonly bindings: Bindings;
  readonly ruling: Ruling;
  comparable(scene: Scene): Comparable;
  meaningOf(scene: Scene): BodyMeaning | Promise<BodyMeaning>;
}

/**
 * Binds what lets a recorded request mean the same; false if nothing does. That a value is free and that it is bound is
 * one step, so that two requests at the same time never stand for the same recorded one.
 */
export async function bindAlike(inference: Inference): Promise<boolean> {
  let left = TRIED;
  for (const scene of inference.candidates) {
    if (left-- === 0) return false;
    const pairs = await pairsFor(scene, inference);
    if (pairs === undefined || pairs.length === 0 || !inference.bindings.canBind(pairs)) continue;
    inference.bindings.bind(pairs);
    return true;
  }
  return false;
}

async function pairsFor(
  scene: Scene,
  { got, ruling, comparable, meaningOf }: Inference,
): Promise<readonly Pair[] | undefined> {
  const recorded = comparable(scene);
  const { name } = scene.operation;
  const heads = differences({ ...recorded, body: got.body }, got);
  // Bodies are dear to compare; heads that differ in earnest spare it.
  if (!heads.every(isTwoValues) || (got.body.key === "" && explain(heads, ruling, name) === undefined))
    return undefined;
  return explain([...heads, ...differences({ ...got, body: await meaningOf(scene) }, got)], ruling, name);
}

function isTwoValues({ recorded, got }: Difference): boolean {
  return recorded !== undefined && got !== undefined;
}

/** What is recognised in one place is known in all others. */
function explain(found: readonly Difference[], ruling: Ruling, operation: string): readonly Pair[] | undefined {
  if (!found.every(isTwoValues)) return undefined;
  const explained = found.map((difference) => ({ difference, pairs: pairsOf(difference, ruling, operation) }));
  const pairs = explained.flatMap((one) => one.pairs ?? []);
  const words = new Bindings();
  if (!words.canBind(pairs)) return undefined;
  words.bind(pairs);
  const left = explained.filter((one) => one.pairs === undefined).map(({ difference }) => inWordsOf(difference, words));
  const more = left.map((difference) => pairsOf(difference, ruling, operation));
  return more.includes(undefined) ? undefined : [...pairs, ...more.flatMap((one) => one ?? [])];
}

function inWordsOf({ field, recorded = "", got }: Difference, words: Bindings): Difference {
  return { field, recorded: words.toToday(recorded), got };
}

function pairsOf(
  { field, recorded = "", got = "" }: Difference,
  { bound, means }: Ruling,
  operation: string,
): readonly Pair[] | undefined {
  if (bound.includes(field)) return boundPairs(recorded, got);
  return means("made-up-values") ? randomPairs(...apart(field, recorded, got), field, operation) : undefined;
}

/** A whole value stands for another; of two lists, their members. */
function boundPairs(recorded: string, got: string): readonly Pair[] {
  const [members, others] = [listOf(recorded), listOf(got)];
  if (members === undefined || members.length !== others?.length) return [[recorded, got]];
  return members.map((member, at): Pair => [member, others[at] as string]).filter(([was, is]) => was !== is);
}

/** Multisets without what they have in common: sorted, a made-up value stands elsewhere each time. */
function apart(field: string, recorded: string, got: string): readonly [string, string] {
  const [members, others] = [listOf(recorded), listOf(got)];
  if (!isMultiset(field) || members === undefined || others === undefined) return [recorded, got];
  const without = (list: readonly string[], common: readonly string[]): string =>
    JSON.stringify(list.filter((member) => !common.includes(member)));
  return [without(members, others), without(others, members)];
}

function listOf(text: string): readonly string[] | undefined {
  const value: unknown = text.startsWith("[") ? parsed(text) : undefined;
  return Array.isArray(value) && value.every((member) => typeof member === "string") ? value : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
