import type { HeaderField } from "../../../wire/http/head.ts";
import type { EngineState } from "../../model/engine-state.ts";

/** The headers of the response to a version that the daemon refuses. */
export function versionHeaders({ release }: Pick<EngineState, "release">): readonly HeaderField[] {
  return [
    ["Api-Version", release.maxApi],
    ["Ostype", "linux"],
    ["Server", `Docker/${release.version} (linux)`],
  ];
}

/** The headers of every other response. `corsHeader` is dockerd's `--api-cors-header` (moby api/server/middleware/cors.go). */
export function daemonHeaders({
  corsHeader,
  release,
}: Pick<EngineState, "corsHeader" | "release">): readonly HeaderField[] {
  const [api, ...others] = versionHeaders({ release }) as [HeaderField, ...HeaderField[]];
  const fields: readonly HeaderField[] = [api, ["Docker-Experimental", "false"], ...others];
  if (corsHeader === undefined) return fields;
  return [
    ["Access-Control-Allow-Headers", "Origin, X-Requested-With, Content-Type, Accept, X-Registry-Auth"],
    ["Access-Control-Allow-Methods", "HEAD, GET, POST, DELETE, PUT, OPTIONS"],
    ["Access-Control-Allow-Origin", corsHeader],
    ...fields,
  ];
}
