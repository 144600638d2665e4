/** The cache of the classic builder is its images; that of BuildKit, which is not simulated, is always empty. */

import { ApiError, systemError } from "../../../model/api-error.ts";
import { emitEvent } from "../../../model/emit-events.ts";
import { json, noBody } from "../../http/answer.ts";
import { notInteger } from "../../http/query.ts";
import type { Endpoint } from "../endpoint.ts";

export const buildPrune: Endpoint = {
  operation: "BuildPrune",
  answer: ({ query }, engine) => {
    try {
      query.anyFilters();
    } catch (error) {
      throw error instanceof ApiError ? systemError(`could not parse filters: ${error.message}`) : error;
    }
    const kept = query.text("keep-storage");
    if (kept !== "" && !/^[+-]?\d+$/.test(kept)) {
      throw systemError(`keep-storage is in bytes and expects an integer, got ${kept}: ${notInteger(kept)}`);
    }
    emitEvent(engine, "builder", "prune", "", { reclaimed: "0" });
    return json({ CachesDeleted: null, SpaceReclaimed: 0 });
  },
};

export const buildCancel: Endpoint = {
  operation: "BuildCancel",
  answer: ({ query }) => {
    if (query.text("id") === "") throw systemError("build ID not provided");
    return { ...noBody(200), fields: [["Content-Type", "application/json"]] };
  },
};
