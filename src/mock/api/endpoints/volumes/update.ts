import { systemError } from "../../../model/api-error.ts";
import type { Endpoint } from "../endpoint.ts";

/** For volumes of a cluster, which came with 1.42: there is no such page yet. */
export const volumeUpdate: Endpoint = {
  operation: "VolumeUpdate",
  since: "1.42",
  respond: () => {
    throw systemError("This node is not a swarm manager.");
  },
};
