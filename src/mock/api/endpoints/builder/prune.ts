/** The classic builder's cache is its images, which stay. BuildKit's is emptied; its sizes are not simulated. */

import { ApiError, systemError } from "../../../model/api-error.ts";
import { emitEvent } from "../../../model/emit-events.ts";
import { getBuilder, pruneBuilder } from "../../../operations/buildkit/buildkit-builder.ts";
import { formatAtoiError } from "../../http/query.ts";
import { emptyResponse, jsonResponse } from "../../http/response.ts";
import type { Endpoint } from "../endpoint.ts";

export const buildPrune: Endpoint = {
  operation: "BuildPrune",
  respond: (request, engine) => {
    const { query } = request;
    try {
      query.readAnyFilters();
    } catch (error) {
      throw error instanceof ApiError ? systemError(`could not parse filters: ${error.message}`) : error;
    }
    const names = request.api.isBefore("1.48") ? ["keep-storage"] : SIZES;
    for (const name of names) checkSize(name, query.get(name));
    pruneBuilder(getBuilder(engine));
    emitEvent(engine, "builder", "prune", "", { reclaimed: "0" });
    return jsonResponse({ CachesDeleted: null, SpaceReclaimed: 0 });
  },
};

/** The limits of the cache since 1.48. `keep-storage` was the only one before. */
const SIZES: readonly string[] = ["reserved-space", "keep-storage", "max-used-space", "min-free-space"];

function checkSize(name: string, bytes: string): void {
  if (bytes === "" || /^[+-]?\d+$/.test(bytes)) return;
  throw systemError(`${name} is in bytes and expects an integer, got ${bytes}: ${formatAtoiError(bytes)}`);
}

export const buildCancel: Endpoint = {
  operation: "BuildCancel",
  respond: ({ query }) => {
    if (query.get("id") === "") throw systemError("build ID not provided");
    return { ...emptyResponse(200), fields: [["Content-Type", "application/json"]] };
  },
};
