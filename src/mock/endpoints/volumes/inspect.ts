import { json } from "../../http/answer.ts";
import { findVolume } from "../../lifecycle/volumes.ts";
import type { Endpoint } from "../endpoint.ts";
import { volumeShape } from "./shape.ts";

export const volumeInspect: Endpoint = {
  operation: "VolumeInspect",
  answer: ({ name }, engine) => json(volumeShape(findVolume(engine, name))),
};
