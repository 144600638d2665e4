import { systemError } from "../../../model/api-error.ts";
import { parseTimestampNs } from "../../../model/go-time.ts";
import { pruneImages } from "../../../operations/images/prune.ts";
import { jsonResponse } from "../../http/response.ts";
import type { Endpoint } from "../endpoint.ts";

export const imagePrune: Endpoint = {
  operation: "ImagePrune",
  respond: ({ query }, engine) => {
    const filters = query.readFilters(["dangling", "label", "label!", "until"]);
    const [text] = filters.getValues("until");
    const until = text === undefined ? undefined : parseTimestampNs(text, engine.time.now());
    if (text !== undefined && until === undefined) {
      throw systemError(`failed to parse value as time or duration: ${JSON.stringify(text)}`);
    }
    const { removed, reclaimed } = pruneImages(engine, filters, until);
    return jsonResponse({ ImagesDeleted: removed.length === 0 ? null : removed, SpaceReclaimed: reclaimed });
  },
};
