import { systemError } from "../../../model/api-error.ts";
import type { Endpoint } from "../endpoint.ts";

/** Cluster volumes came with API 1.42, which dockerd 20.10 does not have. */
export const volumeUpdate: Endpoint = {
  operation: "VolumeUpdate",
  since: "1.42",
  respond: () => {
    throw systemError("This node is not a swarm manager.");
  },
};
