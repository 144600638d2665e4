/** moby registry/search.go, api/server/router/image/image_routes.go */

import { badParameter } from "../../../model/api-error.ts";
import type { ApiJson } from "../../../model/api-json.ts";
import type { SearchResult } from "../../../registry/image-registry.ts";
import { jsonResponse } from "../../http/response.ts";
import { downgradeTo, type ResponseDowngrade } from "../../version/downgrade.ts";
import type { Endpoint } from "../endpoint.ts";

const DEFAULT_LIMIT = 25;
const MAX_LIMIT = 100;
const DOWNGRADES: readonly ResponseDowngrade[] = [
  { since: "1.12", downgrade: ({ is_automated, ...shape }) => ({ ...shape, is_trusted: is_automated }) },
  { since: "1.7", downgrade: ({ name, description }) => ({ Name: name, Description: description }) },
];

export const imageSearch: Endpoint = {
  operation: "ImageSearch",
  respond: async (request, engine) => {
    const { query } = request;
    const limit = query.getInteger("limit") ?? DEFAULT_LIMIT;
    const filters = query.readFilters(["is-automated", "is-official", "stars"]);
    if (limit < 1 || limit > MAX_LIMIT) throw badParameter(`Limit ${limit} is outside the range of [1, ${MAX_LIMIT}]`);
    const [official, automated] = [filters.getFlag("is-official"), filters.getFlag("is-automated")];
    const stars = parseStars(filters.getValues("stars"));
    const results = await engine.registry.search(query.get("term"), limit);
    const selected = results.filter(
      (result) =>
        (official === undefined || result.isOfficial === official) && automated !== true && result.stars >= stars,
    );
    return jsonResponse(selected.map((result) => downgradeTo(request, toSearchJson(result), DOWNGRADES)));
  },
};

function parseStars(values: readonly string[]): number {
  const bad = values.find((value) => !/^\d+$/.test(value));
  if (bad !== undefined) throw badParameter(`Invalid filter 'stars=[${values.join(" ")}]'`);
  return Math.max(0, ...values.map(Number));
}

function toSearchJson({ name, description, stars, isOfficial }: SearchResult): ApiJson {
  return { star_count: stars, is_official: isOfficial, name, is_automated: false, description };
}
