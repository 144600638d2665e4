/** The simulated daemon is in no swarm: what only a manager can answer, it refuses as dockerd does. */
import { Refusal } from "../../refusal.ts";
import type { Endpoint } from "../endpoint.ts";

const MANAGED = ["Node", "Service", "Task", "Secret", "Config"].flatMap((thing) =>
  ["List", "Inspect", "Create", "Delete", "Update", "Logs"].map((verb) => thing + verb),
);
const WAY_OUT = 'Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.';

export const noSwarm: readonly Endpoint[] = [...MANAGED, "SwarmInspect", "SwarmUpdate", "SwarmUnlockkey"].map(
  (operation) => ({
    operation,
    answer: () => {
      throw new Refusal(503, `This node is not a swarm manager. ${WAY_OUT}`);
    },
  }),
);

export const swarmLeave: Endpoint = {
  operation: "SwarmLeave",
  answer: () => {
    throw new Refusal(503, "This node is not part of a swarm");
  },
};
