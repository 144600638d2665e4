/** Volumes: since v1.21. */
import { expect } from "vitest";
import { answers, noSuch, type Row, row, struck } from "./row.ts";
import type { Shape } from "./shape.ts";

const VOLUME: Shape = { Name: "text", Driver: "text", Mountpoint: "text" };
const NO_VOLUME = noSuch("volume", "no such volume");

const list = row(
  "GET /volumes",
  "List volumes",
  answers(200, "all of them", { shape: { Volumes: [VOLUME] } }),
  answers(200, "those that nobody mounts", {
    query: `filters=${encodeURIComponent('{"dangling":["true"]}')}`,
    holds: ({ json }) => expect(json.Volumes.map(({ Name }: { Name: string }) => Name)).toEqual(["data"]),
  }),
  struck(500, undefined, { otherwise: "filters that are no JSON are told with 400" }),
);

const create = row(
  "POST /volumes/create",
  "Create a volume",
  answers(201, "it is there", {
    body: { Name: "tardis" },
    shape: VOLUME,
    holds: ({ json }) => expect(json.Name).toBe("tardis"),
  }),
  answers(201, "it is there, under a name that was made up", {
    body: {},
    holds: ({ json }) => expect(json.Name).toMatch(/^[0-9a-f]{64}$/),
  }),
  struck(500, undefined, { body: { Name: "tardis" } }),
);

const inspect = row(
  "GET /volumes/{name}",
  "Inspect a volume",
  answers(200, "all of it", { of: "data", shape: VOLUME }),
  NO_VOLUME,
  struck(500, "data"),
);

const remove = row(
  "DELETE /volumes/{name}",
  "Remove a volume",
  answers(204, "it is gone", {
    of: "data",
    holds: (_, { engine }) => expect(engine.volumes.get("data")).toBeUndefined(),
  }),
  NO_VOLUME,
  answers(409, "a container mounts it", { of: "pages", says: "volume is in use" }),
  struck(500, "data"),
);

export const volumes: readonly Row[] = [list, create, inspect, remove];
