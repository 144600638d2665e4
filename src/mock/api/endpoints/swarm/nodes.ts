/** The nodes of a swarm: the one that this daemon is (moby daemon/cluster/nodes.go). */

import { badParameter, notFound } from "../../../model/api-error.ts";
import { emitEvent } from "../../../model/emit-events.ts";
import type { Swarm } from "../../../model/swarm.ts";
import type { Engine } from "../../../operations/engine.ts";
import { changedRecord, swarmOf } from "../../../operations/lifecycle/swarm.ts";
import { json, noBody } from "../../http/answer.ts";
import type { Request } from "../../http/request.ts";
import type { Endpoint } from "../endpoint.ts";
import { sentJson } from "../sent-json.ts";
import { nodeShape } from "./shapes.ts";
import { versionSeen } from "./swarm.ts";

const FILTERS = ["id", "label", "node.label", "membership", "name", "role"];
const FAILED = "rpc error: code = FailedPrecondition desc =";
const HOSTNAME = "docker";

export const nodeList: Endpoint = {
  operation: "NodeList",
  answer: ({ query }, engine) => {
    const swarm = swarmOf(engine);
    const { id, spec } = swarm.node;
    const filters = query.filters(FILTERS);
    const fits =
      filters.some("id", (wish) => id.startsWith(wish)) &&
      filters.some("name", (wish) => HOSTNAME.startsWith(wish)) &&
      filters.exactly("role", spec.Role) &&
      filters.exactly("membership", "accepted") &&
      filters.labels({}) &&
      filters.labels(spec.Labels, "node.label");
    return json(fits ? [nodeShape(swarm)] : []);
  },
};

export const nodeInspect: Endpoint = {
  operation: "NodeInspect",
  answer: (request, engine) => json(nodeShape(withNode(request, engine))),
};

export const nodeUpdate: Endpoint = {
  operation: "NodeUpdate",
  answer: async (request, engine) => {
    const { Labels, Role, Availability, Name } = await sentJson(request, "NodeSpec", ["Role", "Availability"]);
    const seen = versionSeen(request, "node");
    const swarm = withNode(request, engine);
    if (Role === "worker") throw badParameter(`${FAILED} attempting to demote the last manager of the swarm`);
    const spec = { ...(Name ? { Name } : {}), Labels: Labels ?? {}, Role: "manager", Availability };
    swarm.node = changedRecord(engine, swarm, swarm.node, seen, spec);
    emitEvent(engine, "node", "update", swarm.node.id, { name: HOSTNAME });
    return noBody(200);
  },
};

export const nodeDelete: Endpoint = {
  operation: "NodeDelete",
  answer: (request, engine) => {
    const { id } = withNode(request, engine).node;
    const reason =
      "is a cluster manager and is a member of the raft cluster. It must be demoted to worker before removal";
    throw badParameter(`${FAILED} node ${id} ${reason}`);
  },
};

/** By its id, the beginning of that, or its host's name. @throws Refusal 404 */
function withNode({ name }: Request, engine: Engine): Swarm {
  const swarm = swarmOf(engine);
  if (name !== HOSTNAME && !swarm.node.id.startsWith(name)) throw notFound(`node ${name} not found`);
  return swarm;
}
