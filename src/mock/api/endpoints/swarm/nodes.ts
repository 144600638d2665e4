/** The swarm's nodes. This daemon is the only one (moby daemon/cluster/nodes.go). */

import { badParameter, notFound } from "../../../model/api-error.ts";
import { emitEvent } from "../../../model/emit-events.ts";
import type { Swarm } from "../../../model/swarm.ts";
import type { Engine } from "../../../operations/engine.ts";
import { getSwarm, updateRecord } from "../../../operations/lifecycle/swarm.ts";
import type { ApiRequest } from "../../http/request.ts";
import { emptyResponse, jsonResponse } from "../../http/response.ts";
import type { Endpoint } from "../endpoint.ts";
import { readJsonBody } from "../read-json-body.ts";
import { readVersion } from "./swarm.ts";
import { toNodeJson } from "./swarm-json.ts";

const FILTERS = ["id", "label", "node.label", "membership", "name", "role"];
const FAILED = "rpc error: code = FailedPrecondition desc =";
const HOSTNAME = "docker";

export const nodeList: Endpoint = {
  operation: "NodeList",
  respond: ({ query }, engine) => {
    const swarm = getSwarm(engine);
    const { id, spec } = swarm.node;
    const filters = query.readFilters(FILTERS);
    const isSelected =
      filters.hasMatch("id", (value) => id.startsWith(value)) &&
      filters.hasMatch("name", (value) => HOSTNAME.startsWith(value)) &&
      filters.hasExactly("role", spec.Role) &&
      filters.hasExactly("membership", "accepted") &&
      filters.hasLabels({}) &&
      filters.hasLabels(spec.Labels, "node.label");
    return jsonResponse(isSelected ? [toNodeJson(swarm, engine.release)] : []);
  },
};

export const nodeInspect: Endpoint = {
  operation: "NodeInspect",
  respond: (request, engine) => jsonResponse(toNodeJson(findNode(request, engine), engine.release)),
};

export const nodeUpdate: Endpoint = {
  operation: "NodeUpdate",
  respond: async (request, engine) => {
    const { Labels, Role, Availability, Name } = await readJsonBody(request, "NodeUpdate");
    const seen = readVersion(request, "node");
    const swarm = findNode(request, engine);
    if (Role === "worker") throw badParameter(`${FAILED} attempting to demote the last manager of the swarm`);
    const spec = { ...(Name ? { Name } : {}), Labels: Labels ?? {}, Role: "manager", Availability };
    swarm.node = updateRecord(engine, swarm, swarm.node, seen, spec);
    emitEvent(engine, "node", "update", swarm.node.id, { name: HOSTNAME });
    return emptyResponse(200);
  },
};

export const nodeDelete: Endpoint = {
  operation: "NodeDelete",
  respond: (request, engine) => {
    const { id } = findNode(request, engine).node;
    const reason =
      "is a cluster manager and is a member of the raft cluster. It must be demoted to worker before removal";
    throw badParameter(`${FAILED} node ${id} ${reason}`);
  },
};

/** Finds the node by its id, the beginning of its id, or its host name. @throws ApiError 404 */
function findNode({ name }: ApiRequest, engine: Engine): Swarm {
  const swarm = getSwarm(engine);
  if (name !== HOSTNAME && !swarm.node.id.startsWith(name)) throw notFound(`node ${name} not found`);
  return swarm;
}
