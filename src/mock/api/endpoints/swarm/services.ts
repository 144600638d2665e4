/** The simulated swarm runs no services: lists are empty, and creating one answers 501. */

import { ApiError, notFound } from "../../../model/api-error.ts";
import { getSwarm } from "../../../operations/lifecycle/swarm.ts";
import { jsonResponse } from "../../http/response.ts";
import type { Endpoint } from "../endpoint.ts";

const LISTS = ["ServiceList", "TaskList"];
const ABOUT_ONE = ["ServiceInspect", "ServiceUpdate", "ServiceDelete", "ServiceLogs", "TaskInspect", "TaskLogs"];

const lists: readonly Endpoint[] = LISTS.map((operation) => ({
  operation,
  respond: (_, engine) => {
    getSwarm(engine);
    return jsonResponse([]);
  },
}));

const aboutOne: readonly Endpoint[] = ABOUT_ONE.map((operation) => ({
  operation,
  respond: ({ name }, engine) => {
    getSwarm(engine);
    throw notFound(`${operation.startsWith("Task") ? "task" : "service"} ${name} not found`);
  },
}));

const serviceCreate: Endpoint = {
  operation: "ServiceCreate",
  respond: (_, engine) => {
    getSwarm(engine);
    throw new ApiError(501, "whalesong's mock does not simulate ServiceCreate");
  },
};

export const serviceEndpoints: readonly Endpoint[] = [...lists, ...aboutOne, serviceCreate];
