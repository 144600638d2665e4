import { createVolume } from "../../../operations/lifecycle/volumes.ts";
import { jsonResponse } from "../../http/response.ts";
import type { Endpoint } from "../endpoint.ts";
import { readJsonBody } from "../read-json-body.ts";
import { toVolumeJson } from "./volume-json.ts";

/** Answers 201 even if the volume exists already, as moby does. */
export const volumeCreate: Endpoint = {
  operation: "VolumeCreate",
  respond: async (request, engine) => {
    const { Name, Driver, DriverOpts, Labels } = await readJsonBody(request, "VolumeCreate");
    const volume = createVolume(engine, {
      name: Name || engine.random.drawId("volume"),
      driver: Driver ?? "",
      labels: Labels ?? null,
      options: DriverOpts ?? null,
      isAnonymous: !Name,
    });
    return jsonResponse(toVolumeJson(volume), 201);
  },
};
