import { findVolume } from "../../../model/find-volume.ts";
import { json } from "../../http/answer.ts";
import type { Endpoint } from "../endpoint.ts";
import { volumeShape } from "./shape.ts";

export const volumeInspect: Endpoint = {
  operation: "VolumeInspect",
  answer: ({ name }, engine) => json(volumeShape(findVolume(engine, name))),
};
