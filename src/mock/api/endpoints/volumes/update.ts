import { ApiError } from "../../../model/api-error.ts";
import type { Endpoint } from "../endpoint.ts";

/** Only cluster volumes can be updated, and the simulation has none. */
export const volumeUpdate: Endpoint = {
  operation: "VolumeUpdate",
  sinceEngine: "28",
  respond: () => {
    throw new ApiError(503, "volume update only valid for cluster volumes, but swarm is unavailable");
  },
};
