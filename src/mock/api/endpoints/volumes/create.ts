import { emitEvent } from "../../../model/emit-events.ts";
import { volumeFor } from "../../../operations/lifecycle/volumes.ts";
import { json } from "../../http/answer.ts";
import type { Endpoint } from "../endpoint.ts";
import { sentJson } from "../sent-json.ts";
import { volumeShape } from "./shape.ts";

/** Also of a volume that is there already it is told that it was created. */
export const volumeCreate: Endpoint = {
  operation: "VolumeCreate",
  answer: async (request, engine) => {
    const { Name, Driver, DriverOpts, Labels } = await sentJson(request, "VolumeCreateBody", ["Name", "Driver"]);
    const volume = volumeFor(engine, {
      name: Name || engine.random.id("volume"),
      driver: Driver ?? "",
      labels: Labels ?? null,
      options: DriverOpts ?? null,
      isAnonymous: !Name,
    });
    emitEvent(engine, "volume", "create", volume.name, { driver: volume.driver });
    return json(volumeShape(volume), 201);
  },
};
