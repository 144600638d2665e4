/** moby registry/search.go, api/server/router/image/image_routes.go */

import { badParameter } from "../../../model/api-error.ts";
import { type Shape, type ShapeChange, shapeFor } from "../../../model/shapes.ts";
import type { SearchResult } from "../../../registry/registry.ts";
import { json } from "../../http/answer.ts";
import type { Endpoint } from "../endpoint.ts";

const DEFAULT_LIMIT = 25;
const MOST = 100;
const CHANGES: readonly ShapeChange[] = [
  { since: "1.12", before: ({ is_automated, ...shape }) => ({ ...shape, is_trusted: is_automated }) },
  { since: "1.7", before: ({ name, description }) => ({ Name: name, Description: description }) },
];

export const imageSearch: Endpoint = {
  operation: "ImageSearch",
  answer: async ({ api, query }, engine) => {
    const limit = query.integer("limit") ?? DEFAULT_LIMIT;
    const filters = query.filters(["is-automated", "is-official", "stars"]);
    if (limit < 1 || limit > MOST) throw badParameter(`Limit ${limit} is outside the range of [1, ${MOST}]`);
    const [official, automated] = [filters.flag("is-official"), filters.flag("is-automated")];
    const stars = starsOf(filters.values("stars"));
    const found = await engine.registry.search(query.text("term"), limit);
    const fitting = found.filter(
      (result) =>
        (official === undefined || result.isOfficial === official) && automated !== true && result.stars >= stars,
    );
    return json(fitting.map((result) => shapeFor(api, told(result), CHANGES)));
  },
};

function starsOf(values: readonly string[]): number {
  const bad = values.find((value) => !/^\d+$/.test(value));
  if (bad !== undefined) throw badParameter(`Invalid filter 'stars=[${values.join(" ")}]'`);
  return Math.max(0, ...values.map(Number));
}

function told({ name, description, stars, isOfficial }: SearchResult): Shape {
  return { star_count: stars, is_official: isOfficial, name, is_automated: false, description };
}
