import { findVolume } from "../../../model/find-volume.ts";
import { jsonResponse } from "../../http/response.ts";
import type { Endpoint } from "../endpoint.ts";
import { toVolumeJson } from "./volume-json.ts";

export const volumeInspect: Endpoint = {
  operation: "VolumeInspect",
  respond: ({ name }, engine) => jsonResponse(toVolumeJson(findVolume(engine, name))),
};
