import { ApiError, badParameter } from "../../../model/api-error.ts";
import type { Filters } from "../../../model/filters.ts";
import type { Volume } from "../../../model/volume.ts";
import type { Engine } from "../../../operations/engine.ts";
import { usersOf } from "../../../operations/lifecycle/volumes.ts";
import { json } from "../../http/answer.ts";
import type { Query } from "../../http/query.ts";
import type { Endpoint } from "../endpoint.ts";
import { volumeShape } from "./shape.ts";

const FILTERS = ["dangling", "driver", "label", "name"];

export const volumeList: Endpoint = {
  operation: "VolumeList",
  answer: ({ query }, engine) => {
    const fits = filter(filtersOf(query), engine);
    return json({ Volumes: [...engine.volumes].filter(fits).map(volumeShape), Warnings: null });
  },
};

/** Unlike its kin, it takes JSON that is none for the client's fault. @throws Refusal 400 */
function filtersOf(query: Query): Filters {
  try {
    return query.filters(FILTERS);
  } catch (error) {
    const isNoJson = error instanceof ApiError && error.status === 500;
    throw isNoJson ? badParameter(`error reading volume filters: ${error.message}`) : error;
  }
}

function filter(filters: Filters, engine: Engine): (volume: Volume) => boolean {
  const dangling = filters.flag("dangling");
  return ({ name, driver, labels }) =>
    filters.some("name", (wish) => name.includes(wish)) &&
    filters.exactly("driver", driver) &&
    filters.labels(labels ?? {}) &&
    (dangling === undefined || dangling === (usersOf(engine, name).length === 0));
}
