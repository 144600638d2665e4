/** Filters that all prune endpoints have in common (moby daemon/prune.go). */

import { systemError } from "../../model/api-error.ts";
import type { Filters } from "../../model/filters.ts";
import { parseTimestampNs } from "../../model/go-time.ts";
import type { Engine } from "../../operations/engine.ts";

type Labels = Readonly<Record<string, string>>;

/** True if all `label` filters match and no `label!` filter does. */
export function hasPruneLabels(filters: Filters, labels: Labels): boolean {
  return filters.hasLabels(labels) && (!filters.has("label!") || !filters.hasLabels(labels, "label!"));
}

/**
 * The time, in nanoseconds since 1970, before which an object must have been created. Without an `until` filter it is
 * after now, so that the prune removes everything.
 * @throws ApiError 500 if the filter is not a time
 */
export function readPruneUntil(filters: Filters, { time }: Engine): bigint {
  const [text] = filters.getValues("until");
  const now = time.now();
  if (text === undefined) return now + 1n;
  const until = parseTimestampNs(text, now);
  if (until === undefined) throw systemError(`failed to parse value as time or duration: ${JSON.stringify(text)}`);
  return until;
}
