import { findVolume } from "../../../model/find-volume.ts";
import { removeVolume } from "../../../operations/lifecycle/volumes.ts";
import { nothing } from "../../http/answer.ts";
import type { Endpoint } from "../endpoint.ts";

export const volumeDelete: Endpoint = {
  operation: "VolumeDelete",
  answer: ({ name, query }, engine) => {
    const isGone = engine.volumes.get(name) === undefined;
    // Force does not take a volume from those that use it; it only does not mind where there is none.
    if (!(isGone && query.flag("force"))) removeVolume(engine, findVolume(engine, name));
    return nothing();
  },
};
