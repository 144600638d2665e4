/** A simulated swarm runs no services, and says so: there are none, and none can be made. */

import { ApiError, notFound } from "../../../model/api-error.ts";
import { swarmOf } from "../../../operations/lifecycle/swarm.ts";
import { json } from "../../http/answer.ts";
import type { Endpoint } from "../endpoint.ts";

const LISTS = ["ServiceList", "TaskList"];
const ABOUT_ONE = ["ServiceInspect", "ServiceUpdate", "ServiceDelete", "ServiceLogs", "TaskInspect", "TaskLogs"];

const lists: readonly Endpoint[] = LISTS.map((operation) => ({
  operation,
  answer: (_, engine) => {
    swarmOf(engine);
    return json([]);
  },
}));

const aboutOne: readonly Endpoint[] = ABOUT_ONE.map((operation) => ({
  operation,
  answer: ({ name }, engine) => {
    swarmOf(engine);
    throw notFound(`${operation.startsWith("Task") ? "task" : "service"} ${name} not found`);
  },
}));

const create: Endpoint = {
  operation: "ServiceCreate",
  answer: (_, engine) => {
    swarmOf(engine);
    throw new ApiError(501, "whalesong's mock does not simulate ServiceCreate");
  },
};

export const services: readonly Endpoint[] = [...lists, ...aboutOne, create];
