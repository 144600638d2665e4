/** The simulated swarm runs no services: lists are empty, and creating one answers 501. */

import { ApiError, notFound } from "../../../model/api-error.ts";
import { swarmOf } from "../../../operations/lifecycle/swarm.ts";
import { jsonResponse } from "../../http/response.ts";
import type { Endpoint } from "../endpoint.ts";

const LISTS = ["ServiceList", "TaskList"];
const ABOUT_ONE = ["ServiceInspect", "ServiceUpdate", "ServiceDelete", "ServiceLogs", "TaskInspect", "TaskLogs"];

const lists: readonly Endpoint[] = LISTS.map((operation) => ({
  operation,
  respond: (_, engine) => {
    swarmOf(engine);
    return jsonResponse([]);
  },
}));

const aboutOne: readonly Endpoint[] = ABOUT_ONE.map((operation) => ({
  operation,
  respond: ({ name }, engine) => {
    swarmOf(engine);
    throw notFound(`${operation.startsWith("Task") ? "task" : "service"} ${name} not found`);
  },
}));

const serviceCreate: Endpoint = {
  operation: "ServiceCreate",
  respond: (_, engine) => {
    swarmOf(engine);
    throw new ApiError(501, "whalesong's mock does not simulate ServiceCreate");
  },
};

export const serviceEndpoints: readonly Endpoint[] = [...lists, ...aboutOne, serviceCreate];
