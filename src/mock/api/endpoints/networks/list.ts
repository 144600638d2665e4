import { badParameter, systemError } from "../../../model/api-error.ts";
import type { Filters } from "../../../model/filters.ts";
import { isBuiltin, type Network } from "../../../model/network.ts";
import type { Engine } from "../../../operations/engine.ts";
import { listConnected } from "../../../operations/lifecycle/networks.ts";
import { jsonListResponse } from "../../http/response.ts";
import type { Endpoint } from "../endpoint.ts";
import { toMembersJson, toNetworkJson } from "./network-json.ts";

const FILTERS = ["dangling", "driver", "id", "label", "name", "scope", "type"];

/** Since 1.28 a list does not have the networks' containers. */
export const networkList: Endpoint = {
  operation: "NetworkList",
  respond: (request, engine) => {
    const { api, query } = request;
    const matches = createFilter(query.readFilters(FILTERS), engine);
    const members = api.isBefore("1.28") ? toMembersJson : () => ({});
    const selected = [...engine.networks].filter(matches);
    const shapes = selected.map((network) => toNetworkJson(request, network, members(engine, network)));
    return jsonListResponse(shapes, engine.listMemory);
  },
};

function createFilter(filters: Filters, engine: Engine): (network: Network) => boolean {
  for (const type of filters.getValues("type")) {
    if (type !== "custom" && type !== "builtin") throw systemError(`invalid filter: 'type'='${type}'`);
  }
  const dangling = readDangling(filters);
  return (network) =>
    filters.hasExactly("driver", network.driver) &&
    filters.hasExactly("scope", "local") &&
    filters.hasMatch("id", (value) => matchesPattern(network.id, value)) &&
    filters.hasMatch("name", (value) => matchesPattern(network.name, value)) &&
    filters.hasLabels(network.labels) &&
    filters.hasMatch("type", (type) => (type === "builtin") === isBuiltin(network)) &&
    (dangling === undefined || dangling === isDangling(engine, network));
}

/** The value is a part of the text, or a regular expression. */
function matchesPattern(text: string, value: string): boolean {
  if (text.includes(value)) return true;
  try {
    return new RegExp(value).test(text);
  } catch {
    return false;
  }
}

function readDangling(filters: Filters): boolean | undefined {
  const values = filters.getValues("dangling");
  if (values.length === 0) return undefined;
  const isYes = values.some((value) => value === "true" || value === "1");
  const isNo = values.some((value) => value === "false" || value === "0");
  if (isYes !== isNo) return isYes;
  throw badParameter(`invalid value for filter 'dangling', must be "true" (or "1"), or "false" (or "0")`);
}

function isDangling(engine: Engine, network: Network): boolean {
  return !isBuiltin(network) && listConnected(engine, network).next().done === true;
}
