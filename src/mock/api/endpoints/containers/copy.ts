/** POST /containers/{id}/copy, up to 1.23 (moby daemon/archive.go, ContainerCopy). */

import { Disk } from "../../../../userland/files/disk.ts";
import { badParameter, notFound } from "../../../model/api-error.ts";
import type { Container } from "../../../model/container.ts";
import { emitContainerEvent } from "../../../model/emit-events.ts";
import type { Engine } from "../../../operations/engine.ts";
import { getRuntime } from "../../../runtime/engine-runtime.ts";
import type { ApiRequest } from "../../http/request.ts";
import { type ApiResponse, emptyResponse } from "../../http/response.ts";
import type { Endpoint } from "../endpoint.ts";
import { readJsonBody } from "../read-json-body.ts";
import { findFile, openDisk, streamArchive, toArchiveName, withVolumes } from "./archive.ts";

/** Since 1.24 the endpoint answers a bare 404. */
export const containerCopy: Endpoint = {
  operation: "ContainerCopy",
  goneSinceEngine: "28",
  respond: async (request, engine) => {
    const { api, name } = request;
    if (!api.isBefore("1.24")) return emptyResponse(404);
    const { Resource = "" } = await readJsonBody(request, "ContainerCopy");
    if (Resource === "") throw badParameter("Path cannot be empty");
    const container = engine.containers.find(name);
    if (!api.isLegacy) return withVolumes(engine, container, () => streamCopy(engine, container, Resource, request));
    return streamCopy(engine, container, Resource, request);
  },
};

function streamCopy(engine: Engine, container: Container, resource: string, { api, name }: ApiRequest): ApiResponse {
  const disk = api.isLegacy ? openDiskWithoutVolumes(engine, container) : openDisk(engine, container);
  const file = findFile(disk, resource);
  if (file === undefined) throw notFound(`Could not find the file ${resource} in container ${name}`);
  emitContainerEvent(engine, container, "copy");
  const contentType = api.isLegacy ? "application/octet-stream" : "application/x-tar";
  return streamArchive(disk, file.path, toArchiveName(resource), [], contentType);
}

/** Before 1.16 the daemon could not copy the data of volumes. */
function openDiskWithoutVolumes(engine: Engine, container: Container): Disk {
  const { files } = getRuntime(engine, container);
  return new Disk([{ at: "/", rootRef: files }], () => Number(engine.time.now() / 1_000_000n));
}
