/** What prunes of every kind are narrowed by (moby daemon/prune.go). */

import { systemError } from "../../model/api-error.ts";
import type { Filters } from "../../model/filters.ts";
import { timestampNs } from "../../model/go-time.ts";
import type { Engine } from "../../operations/engine.ts";

type Labels = Readonly<Record<string, string>>;

/** All labels of `label`, and none of `label!`. */
export function hasPruneLabels(filters: Filters, labels: Labels): boolean {
  return filters.labels(labels) && (!filters.has("label!") || !filters.labels(labels, "label!"));
}

/** What is as old as this stays; without `until` nothing does. @throws Refusal 500 where it is no time */
export function readPruneUntil(filters: Filters, { time }: Engine): bigint {
  const [text] = filters.values("until");
  const now = time.now();
  if (text === undefined) return now + 1n;
  const until = timestampNs(text, now);
  if (until === undefined) throw systemError(`failed to parse value as time or duration: ${JSON.stringify(text)}`);
  return until;
}
