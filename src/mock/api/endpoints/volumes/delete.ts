import { findVolume } from "../../../model/find-volume.ts";
import { removeVolume } from "../../../operations/lifecycle/volumes.ts";
import { noContent } from "../../http/response.ts";
import type { Endpoint } from "../endpoint.ts";

export const volumeDelete: Endpoint = {
  operation: "VolumeDelete",
  respond: ({ name, query }, engine) => {
    const isGone = engine.volumes.get(name) === undefined;
    // Force does not remove a volume in use. It only accepts that the volume does not exist.
    if (!(isGone && query.getFlag("force"))) removeVolume(engine, findVolume(engine, name));
    return noContent();
  },
};
