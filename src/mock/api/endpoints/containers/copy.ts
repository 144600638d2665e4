/** POST /containers/{id}/copy, up to 1.23 (moby daemon/archive.go, ContainerCopy). */

import { Disk } from "../../../../userland/files/disk.ts";
import { badParameter, notFound } from "../../../model/api-error.ts";
import type { Container } from "../../../model/container.ts";
import { emitContainerEvent } from "../../../model/emit-events.ts";
import type { Engine } from "../../../operations/engine.ts";
import { runtimeOf } from "../../../runtime/engine-runtime.ts";
import { type Answer, noBody } from "../../http/answer.ts";
import type { Request } from "../../http/request.ts";
import type { Endpoint } from "../endpoint.ts";
import { sentJson } from "../sent-json.ts";
import { archived, diskFor, findIn, nameInTar, withVolumes } from "./archive.ts";

/** A client of today is told nothing but that there is none. */
export const containerCopy: Endpoint = {
  operation: "ContainerCopy",
  answer: async (request, engine) => {
    const { api, name } = request;
    if (!api.isBefore("1.24")) return noBody(404);
    const { Resource = "" } = await sentJson(request, "CopyConfig", ["Resource"]);
    if (Resource === "") throw badParameter("Path cannot be empty");
    const container = engine.containers.find(name);
    if (!api.isBygone) return withVolumes(engine, container, () => copied(engine, container, Resource, request));
    return copied(engine, container, Resource, request);
  },
};

function copied(engine: Engine, container: Container, resource: string, { api, name }: Request): Answer {
  const disk = api.isBygone ? withoutVolumes(engine, container) : diskFor(engine, container);
  const place = findIn(disk, resource);
  if (place === undefined) throw notFound(`Could not find the file ${resource} in container ${name}`);
  emitContainerEvent(engine, container, "copy");
  const contentType = api.isBygone ? "application/octet-stream" : "application/x-tar";
  return archived(disk, place.path, nameInTar(resource), [], contentType);
}

/** Data of volumes could be copied since 1.16. */
function withoutVolumes(engine: Engine, container: Container): Disk {
  const { files } = runtimeOf(engine, container);
  return new Disk([{ at: "/", cell: files }], () => Number(engine.time.now() / 1_000_000n));
}
