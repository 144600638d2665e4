import type { HeaderField } from "../../../wire/http/head.ts";
import type { ApiVersion } from "../../model/api-version.ts";

export const RAW_STREAM: HeaderField = ["Content-Type", "application/vnd.docker.raw-stream"];
const MULTIPLEXED_STREAM: HeaderField = ["Content-Type", "application/vnd.docker.multiplexed-stream"];

/** The content type of a container's output. Since 1.42 it says whether the output has frames. */
export function toStreamType(api: ApiVersion, isRaw: boolean): HeaderField {
  return isRaw || api.isBefore("1.42") ? RAW_STREAM : MULTIPLEXED_STREAM;
}
