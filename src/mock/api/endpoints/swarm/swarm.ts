/** The swarm itself (moby api/server/router/swarm). It has one node: nobody can join it, and it joins nobody. */

import { ApiError, badParameter, conflict, systemError } from "../../../model/api-error.ts";
import {
  beginSwarm,
  checkAlone,
  leaveSwarm,
  listenAddress,
  swarmOf,
  updateCluster,
} from "../../../operations/lifecycle/swarm.ts";
import { json, noBody } from "../../http/answer.ts";
import type { Request } from "../../http/request.ts";
import type { Endpoint } from "../endpoint.ts";
import { sentJson } from "../sent-json.ts";
import { clusterShape } from "./shapes.ts";

const TOKEN = /^SWMTKN-1-[0-9a-z]{50}-[0-9a-z]{25}$/;

export const swarmInit: Endpoint = {
  operation: "SwarmInit",
  answer: async (request, engine) => {
    const sent = await sentJson(request, "InitRequest", ["ListenAddr", "AdvertiseAddr"]);
    return json(beginSwarm(engine, sent).node.id);
  },
};

export const swarmInspect: Endpoint = {
  operation: "SwarmInspect",
  answer: (_, engine) => {
    const swarm = swarmOf(engine);
    return json({ ...clusterShape(swarm), JoinTokens: swarm.tokens });
  },
};

export const swarmUpdate: Endpoint = {
  operation: "SwarmUpdate",
  answer: async (request, engine) => {
    const spec = await sentJson(request, "Spec", ["Name"]);
    const { query } = request;
    updateCluster(engine, versionSeen(request, "swarm"), spec, {
      ...(query.flag("rotateWorkerToken") ? { Worker: "" } : {}),
      ...(query.flag("rotateManagerToken") ? { Manager: "" } : {}),
    });
    return noBody(200);
  },
};

export const swarmLeave: Endpoint = {
  operation: "SwarmLeave",
  answer: ({ query }, engine) => {
    leaveSwarm(engine, query.flag("force"));
    return noBody(200);
  },
};

export const swarmJoin: Endpoint = {
  operation: "SwarmJoin",
  answer: async (request, engine) => {
    const { ListenAddr, JoinToken } = await sentJson(request, "JoinRequest", ["ListenAddr", "JoinToken"]);
    checkAlone(engine);
    listenAddress(ListenAddr);
    if (!TOKEN.test(JoinToken ?? "")) throw systemError("invalid join token");
    throw new ApiError(501, "whalesong's mock does not simulate SwarmJoin: there is no other node to join");
  },
};

export const swarmUnlock: Endpoint = {
  operation: "SwarmUnlock",
  answer: (_, engine) => {
    swarmOf(engine);
    throw conflict("swarm is not locked");
  },
};

export const swarmUnlockKey: Endpoint = {
  operation: "SwarmUnlockkey",
  answer: (_, engine) => {
    const { cluster } = swarmOf(engine);
    const isLocking = cluster.spec.EncryptionConfig.AutoLockManagers;
    return json({ UnlockKey: isLocking ? `SWMKEY-1-${Buffer.from(cluster.id).toString("base64url")}` : "" });
  },
};

/** The version that a client has seen. @throws Refusal 400 */
export function versionSeen({ query }: Request, kind: string): number {
  const text = query.text("version");
  if (/^\d+$/.test(text)) return Number(text);
  const isBrief = kind === "secret" || kind === "config";
  const reason = `'${text}': strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`;
  throw badParameter(isBrief ? `invalid ${kind} version` : `invalid ${kind} version ${reason}`);
}
