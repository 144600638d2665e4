import type { Engine } from "../../engine.ts";
import { json } from "../../http/answer.ts";
import type { Filters } from "../../http/query.ts";
import { usersOf } from "../../lifecycle/volumes.ts";
import type { Volume } from "../../state/volume.ts";
import type { Endpoint } from "../endpoint.ts";
import { volumeShape } from "./shape.ts";

const FILTERS = ["dangling", "driver", "label", "name"];

export const volumeList: Endpoint = {
  operation: "VolumeList",
  answer: ({ query }, engine) => {
    const fits = filter(query.filters(FILTERS), engine);
    return json({ Volumes: [...engine.volumes].filter(fits).map(volumeShape), Warnings: null });
  },
};

function filter(filters: Filters, engine: Engine): (volume: Volume) => boolean {
  const dangling = filters.flag("dangling");
  return ({ name, driver, labels }) =>
    filters.some("name", (wish) => name.includes(wish)) &&
    filters.exactly("driver", driver) &&
    filters.labels(labels ?? {}) &&
    (dangling === undefined || dangling === (usersOf(engine, name).length === 0));
}
