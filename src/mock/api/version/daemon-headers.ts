import type { HeaderField } from "../../../wire/head.ts";
import { ENGINE_VERSION, MAX_API } from "../../model/daemon-version.ts";

/** The headers of the response to a version that the daemon refuses. */
export function versionHeaders(): readonly HeaderField[] {
  return [
    ["Api-Version", MAX_API],
    ["Ostype", "linux"],
    ["Server", `Docker/${ENGINE_VERSION} (linux)`],
  ];
}

/** The headers of every other response. `corsHeader` is dockerd's `--api-cors-header` (moby api/server/middleware/cors.go). */
export function daemonHeaders({ corsHeader }: { readonly corsHeader: string | undefined }): readonly HeaderField[] {
  const [api, ...others] = versionHeaders() as [HeaderField, ...HeaderField[]];
  const fields: readonly HeaderField[] = [api, ["Docker-Experimental", "false"], ...others];
  if (corsHeader === undefined) return fields;
  return [
    ["Access-Control-Allow-Headers", "Origin, X-Requested-With, Content-Type, Accept, X-Registry-Auth"],
    ["Access-Control-Allow-Methods", "HEAD, GET, POST, DELETE, PUT, OPTIONS"],
    ["Access-Control-Allow-Origin", corsHeader],
    ...fields,
  ];
}
