/** The swarm itself (moby api/server/router/swarm). It has one node, and no other node can join it. */

import { ApiError, badParameter, conflictError, systemError } from "../../../model/api-error.ts";
import {
  checkNoSwarm,
  getSwarm,
  initSwarm,
  leaveSwarm,
  listenAddress,
  updateCluster,
} from "../../../operations/lifecycle/swarm.ts";
import type { ApiRequest } from "../../http/request.ts";
import { emptyResponse, jsonResponse } from "../../http/response.ts";
import type { Endpoint } from "../endpoint.ts";
import { readJsonBody } from "../read-json-body.ts";
import { toClusterJson } from "./swarm-json.ts";

const TOKEN = /^SWMTKN-1-[0-9a-z]{50}-[0-9a-z]{25}$/;

export const swarmInit: Endpoint = {
  operation: "SwarmInit",
  respond: async (request, engine) => {
    const sent = await readJsonBody(request, "SwarmInit");
    return jsonResponse(initSwarm(engine, sent).node.id);
  },
};

export const swarmInspect: Endpoint = {
  operation: "SwarmInspect",
  respond: (_, engine) => {
    const swarm = getSwarm(engine);
    return jsonResponse({ ...toClusterJson(swarm), JoinTokens: swarm.tokens });
  },
};

export const swarmUpdate: Endpoint = {
  operation: "SwarmUpdate",
  respond: async (request, engine) => {
    const spec = await readJsonBody(request, "SwarmUpdate");
    const { query } = request;
    updateCluster(engine, readVersion(request, "swarm"), spec, {
      ...(query.getFlag("rotateWorkerToken") ? { Worker: "" } : {}),
      ...(query.getFlag("rotateManagerToken") ? { Manager: "" } : {}),
    });
    return emptyResponse(200);
  },
};

export const swarmLeave: Endpoint = {
  operation: "SwarmLeave",
  respond: ({ query }, engine) => {
    leaveSwarm(engine, query.getFlag("force"));
    return emptyResponse(200);
  },
};

export const swarmJoin: Endpoint = {
  operation: "SwarmJoin",
  respond: async (request, engine) => {
    const { ListenAddr, JoinToken } = await readJsonBody(request, "SwarmJoin");
    checkNoSwarm(engine);
    listenAddress(ListenAddr);
    if (!TOKEN.test(JoinToken ?? "")) throw systemError("invalid join token");
    throw new ApiError(501, "whalesong's mock does not simulate SwarmJoin: there is no other node to join");
  },
};

export const swarmUnlock: Endpoint = {
  operation: "SwarmUnlock",
  respond: async (request, engine) => {
    await readJsonBody(request, "SwarmUnlock");
    getSwarm(engine);
    throw conflictError("swarm is not locked");
  },
};

export const swarmUnlockKey: Endpoint = {
  operation: "SwarmUnlockkey",
  respond: (_, engine) => {
    const { cluster } = getSwarm(engine);
    const isLocking = cluster.spec.EncryptionConfig.AutoLockManagers;
    return jsonResponse({ UnlockKey: isLocking ? `SWMKEY-1-${Buffer.from(cluster.id).toString("base64url")}` : "" });
  },
};

/** Reads the object's version as the client last saw it. @throws ApiError 400 if it is not a number */
export function readVersion({ query }: ApiRequest, kind: string): number {
  const text = query.get("version");
  if (/^\d+$/.test(text)) return Number(text);
  const isBrief = kind === "secret" || kind === "config";
  const reason = `'${text}': strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`;
  throw badParameter(isBrief ? `invalid ${kind} version` : `invalid ${kind} version ${reason}`);
}
