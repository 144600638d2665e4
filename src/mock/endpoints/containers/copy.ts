/** POST /containers/{id}/copy, up to 1.23 (moby daemon/archive.go, ContainerCopy). */
import type { Engine } from "../../engine.ts";
import { noBody } from "../../http/answer.ts";
import { badParameter, notFound } from "../../refusal.ts";
import type { Container } from "../../state/container.ts";
import { Disk } from "../../world/files/disk.ts";
import type { Endpoint } from "../endpoint.ts";
import { sentJson } from "../sent-json.ts";
import { archived, diskFor, findIn, nameInTar } from "./archive.ts";

/** A client of today is told nothing but that there is none. */
export const containerCopy: Endpoint = {
  operation: "ContainerCopy",
  answer: async (request, engine) => {
    const { api, name } = request;
    if (!api.isBefore("1.24")) return noBody(404);
    const { Resource = "" } = await sentJson(request, "CopyConfig", ["Resource"]);
    if (Resource === "") throw badParameter("Path cannot be empty");
    const container = engine.containers.find(name);
    const disk = api.isBygone ? withoutVolumes(engine, container) : diskFor(engine, container);
    const place = findIn(disk, Resource);
    if (place === undefined) throw notFound(`Could not find the file ${Resource} in container ${name}`);
    engine.tellOf(container, "copy");
    const contentType = api.isBygone ? "application/octet-stream" : "application/x-tar";
    return archived(disk, place.path, nameInTar(Resource), [], contentType);
  },
};

/** Data of volumes could be copied since 1.16. */
function withoutVolumes(engine: Engine, container: Container): Disk {
  const { files } = engine.machineOf(container);
  return new Disk([{ at: "/", cell: files }], () => Number(engine.time.now() / 1_000_000n));
}
