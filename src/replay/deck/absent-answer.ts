/** What answers a read of a thing that is not there: a recorded 404 of it, else dockerd's own. */
import { type CassetteEntry, readStatus } from "../../cassette/read.ts";
import { encodeErrorBody } from "../../wire/http/error-body.ts";
import type { Operation } from "../../wire/operations/operation.ts";
import type { PlacedExchange } from "../history/place-exchanges.ts";
import { formatNotFound } from "../history/thing-names.ts";

/**
 * @param reads the recorded reads of the thing, all from other eras; at least one
 * @returns one of them, or an exchange that is on no cassette. To play it changes nothing.
 */
export function selectAbsentAnswer(reads: readonly PlacedExchange[], operation: Operation): PlacedExchange {
  const recorded = reads.find(({ entry }) => readStatus(entry) === 404);
  if (recorded !== undefined) return recorded;
  const [model] = reads as readonly [PlacedExchange];
  return createNotFound(model, operation);
}

/** dockerd's 404, in the place of a recorded exchange of the thing. */
export function createNotFound(model: PlacedExchange, operation: Operation): PlacedExchange {
  const { container, era, requestedAt, answeredAt } = model;
  const place = { operation: model.operation, container, era, requestedAt, answeredAt };
  return { ...place, entry: createNotFoundEntry(model, operation), role: "free", resources: [], pattern: undefined };
}

function createNotFoundEntry({ entry }: PlacedExchange, operation: Operation): CassetteEntry {
  const { request } = entry.readExchange();
  const { index, line, method, target } = entry;
  const { contentType, body } = encodeErrorBody(operation.apiVersion, formatNotFound(operation));
  const response = { status: 404, reason: "Not Found", headers: [contentType], body };
  const exchange = { request, response };
  const bodies = { request: undefined, response: undefined };
  const plain = { name: undefined, during: [], size: 0, isBare: false, readText: () => "" };
  return {
    ...{ index, line, method, target },
    ...plain,
    readExchange: () => exchange,
    skim: () => ({ exchange, bodies }),
  };
}
