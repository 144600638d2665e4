/** Volumes: since v1.21. */
import { expect } from "vitest";
import { type EndpointRow, endpointRow, respondsByFault, respondsNotFound, respondsWith } from "./endpoint-row.ts";
import type { JsonShape } from "./json-shape.ts";

const VOLUME: JsonShape = { Name: "text", Driver: "text", Mountpoint: "text" };
const NO_VOLUME = respondsNotFound("volume", "no such volume");

const list = endpointRow(
  "GET /volumes",
  "List volumes",
  respondsWith(200, "all of them", { shape: { Volumes: [VOLUME] } }),
  respondsWith(200, "unused ones", {
    query: `filters=${encodeURIComponent('{"dangling":["true"]}')}`,
    check: ({ json }) => expect(json.Volumes.map(({ Name }: { Name: string }) => Name)).toEqual(["data"]),
  }),
  respondsByFault(500, undefined, { realDifference: "filters that are no JSON are told with 400" }),
);

const create = endpointRow(
  "POST /volumes/create",
  "Create a volume",
  respondsWith(201, "the object exists", {
    body: { Name: "tardis" },
    shape: VOLUME,
    check: ({ json }) => expect(json.Name).toBe("tardis"),
  }),
  respondsWith(201, "the volume has a generated name", {
    body: {},
    check: ({ json }) => expect(json.Name).toMatch(/^[0-9a-f]{64}$/),
  }),
  respondsByFault(500, undefined, { body: { Name: "tardis" } }),
);

const inspect = endpointRow(
  "GET /volumes/{name}",
  "Inspect a volume",
  respondsWith(200, "the whole object", { pathValue: "data", shape: VOLUME }),
  NO_VOLUME,
  respondsByFault(500, "data"),
);

const remove = endpointRow(
  "DELETE /volumes/{name}",
  "Remove a volume",
  respondsWith(204, "the object is removed", {
    pathValue: "data",
    check: (_, { engine }) => expect(engine.volumes.get("data")).toBeUndefined(),
  }),
  NO_VOLUME,
  respondsWith(409, "a container mounts it", { pathValue: "pages", matches: "volume is in use" }),
  respondsByFault(500, "data"),
);

export const volumes: readonly EndpointRow[] = [list, create, inspect, remove];
