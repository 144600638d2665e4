/** Copies files out of a container and into it (moby daemon/archive.go). */

import type { Disk, FoundNode } from "../../../../userland/files/disk.ts";
import { FileError } from "../../../../userland/files/file-error.ts";
import { sizeOf, type TreeNode } from "../../../../userland/files/node.ts";
import { splitPath, toBaseName } from "../../../../userland/files/path.ts";
import { type TarMember, tarOf } from "../../../../userland/files/read-tar.ts";
import { sortByName } from "../../../../userland/files/tree.ts";
import type { HeaderField } from "../../../../wire/http/head.ts";
import { badParameter, notFound, systemError } from "../../../model/api-error.ts";
import type { ApiJson } from "../../../model/api-json.ts";
import type { Container } from "../../../model/container.ts";
import { emitContainerEvent } from "../../../model/emit-events.ts";
import { formatRfc3339Nano } from "../../../model/go-time.ts";
import { readTar } from "../../../model/read-tar.ts";
import type { Engine } from "../../../operations/engine.ts";
import { emitMountEvents } from "../../../operations/lifecycle/mounts.ts";
import { createStoppedDisk } from "../../../runtime/container-disk.ts";
import { getRuntime } from "../../../runtime/engine-runtime.ts";
import type { ApiRequest } from "../../http/request.ts";
import { type ApiResponse, emptyResponse, streamResponse } from "../../http/response.ts";
import type { Endpoint } from "../endpoint.ts";

/** The bits of Go's FileMode that mark directories, links and devices. */
const GO_FILE_MODES = { file: 0, directory: 2 ** 31, link: 2 ** 27, device: 2 ** 26 + 2 ** 21 };

export const containerArchiveInfo: Endpoint = {
  operation: "ContainerArchiveInfo",
  respond: (request, engine) => {
    const { disk, path, container } = readArchiveRequest(request, engine);
    return withVolumes(engine, container, () => ({
      ...emptyResponse(200, [formatStatHeader(disk, path, requireFile(request, disk, path))]),
      sendsLength: false,
    }));
  },
};

export const containerArchive: Endpoint = {
  operation: "ContainerArchive",
  respond: (request, engine) => {
    const { disk, path, container } = readArchiveRequest(request, engine);
    return withVolumes(engine, container, () => {
      const file = requireFile(request, disk, path);
      emitContainerEvent(engine, container, "archive-path");
      return streamArchive(disk, file.path, toArchiveName(path), [formatStatHeader(disk, path, file)]);
    });
  },
};

/** dockerd mounts a container's volumes while it reads or writes its files, even if the container does not run. */
export async function withVolumes<T>(engine: Engine, container: Container, work: () => T | Promise<T>): Promise<T> {
  emitMountEvents(engine, container, "mount");
  try {
    return await work();
  } finally {
    emitMountEvents(engine, container, "unmount");
  }
}

export function streamArchive(
  disk: Disk,
  path: string,
  name: string,
  fields: readonly HeaderField[],
  contentType = "application/x-tar",
): ApiResponse {
  return streamResponse(tarOf(listEntries(disk, path, name)), contentType, fields);
}

/** A trailing `/.` means the folder's contents instead of the folder. */
export function toArchiveName(path: string): string {
  if (/(^|\/)\.$/.test(path)) return ".";
  const name = toBaseName(path);
  return name === "/" ? "" : name;
}

function* listEntries(disk: Disk, path: string, name: string): Generator<TarMember> {
  const node = disk.stat(path, false);
  if (node.kind !== "directory") yield { name, node };
  else {
    yield { name: `${name}/`, node };
    for (const [child] of sortByName(disk.list(path)))
      yield* listEntries(disk, `${path === "/" ? "" : path}/${child}`, `${name === "" ? "" : `${name}/`}${child}`);
  }
}

function readArchiveRequest(
  { name, query }: ApiRequest,
  engine: Engine,
): { disk: Disk; path: string; container: Container } {
  const path = query.get("path");
  if (path === "") throw badParameter("bad parameter: pathcannot be empty");
  const container = engine.containers.find(name);
  return { disk: openDisk(engine, container), path: path.startsWith("/") ? path : `/${path}`, container };
}

/** The files as the container's processes see them, or, if it does not run, as its next run would. */
export function openDisk(engine: Engine, container: Container): Disk {
  const { run, files } = getRuntime(engine, container);
  return run?.table.disk ?? createStoppedDisk(engine, container, files);
}

function requireFile({ name, query }: ApiRequest, disk: Disk, path: string): FoundNode {
  const file = findFile(disk, path);
  if (file === undefined) throw notFound(`Could not find the file ${query.get("path")} in container ${name}`);
  return file;
}

/** Follows a symbolic link at the end of the path only if the path ends with `/` or `/.`. */
export function findFile(disk: Disk, path: string): (FoundNode & { node: TreeNode }) | undefined {
  try {
    const { path: real, node } = disk.find(path, /\/\.?$/.test(path));
    return node === undefined ? undefined : { path: real, node };
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}

function formatStatHeader(disk: Disk, path: string, { path: real, node }: FoundNode): HeaderField {
  const existing = node as TreeNode;
  const stat: ApiJson = {
    name: /^\/?\.?$/.test(path) ? "/" : toBaseName(path.replace(/\/\.$/, "")),
    size: sizeOf(existing),
    mode: GO_FILE_MODES[existing.kind] + (existing.mode & 0o777) + (existing.mode & 0o1000 ? 2 ** 20 : 0),
    mtime: formatRfc3339Nano(BigInt(Math.round(existing.mtimeMs)) * 1_000_000n),
    linkTarget: existing.kind === "link" ? resolveTarget(disk, real) : "",
  };
  return ["X-Docker-Container-Path-Stat", Buffer.from(JSON.stringify(stat)).toString("base64")];
}

function resolveTarget(disk: Disk, path: string): string {
  try {
    return disk.find(path).path;
  } catch {
    const node = disk.peek(path, false);
    return node?.kind === "link" ? node.target : "";
  }
}

export const putContainerArchive: Endpoint = {
  operation: "PutContainerArchive",
  respond: async (request, engine) => {
    const { disk, path, container } = readArchiveRequest(request, engine);
    return withVolumes(engine, container, async () => {
      const folder = findExtractionPoint(request, disk, path);
      checkWritable(container, folder);
      const entries = await readTar(request.streamBody());
      for (const entry of entries) unpack(disk, folder, entry, request.query.getFlag("noOverwriteDirNonDir"));
      emitContainerEvent(engine, container, "extract-to-dir");
      return emptyResponse(200);
    });
  },
};

/** moby reports these as server errors (daemon/archive.go, containerExtractToDir). */
function checkWritable({ mounts, hostConfig }: Container, folder: string): void {
  const isIn = (destination: string): boolean => folder === destination || folder.startsWith(`${destination}/`);
  const mount = mounts.find(({ destination }) => isIn(destination));
  if (mount?.isWritable === false) throw systemError("mounted volume is marked read-only");
  if (mount === undefined && hostConfig.ReadonlyRootfs === true) {
    throw systemError("container rootfs is marked read-only");
  }
}

function findExtractionPoint({ name, query }: ApiRequest, disk: Disk, path: string): string {
  const file = findFile(disk, `${path}/.`) ?? findFile(disk, path);
  if (file === undefined) throw notFound(`Could not find the file ${query.get("path")} in container ${name}`);
  if (file.node.kind !== "directory") throw systemError("extraction point is not a directory");
  return file.path;
}

function unpack(disk: Disk, folder: string, { name, node }: TarMember, keepsKinds: boolean): void {
  const target = `/${splitPath(name, folder).join("/")}`;
  const existing = disk.peek(target, false);
  const isFolder = node.kind === "directory";
  if (existing !== undefined && keepsKinds && (existing.kind === "directory") !== isFolder) {
    const [old, fresh] = isFolder ? ["non-directory", "directory"] : ["directory", "non-directory"];
    const what = `cannot overwrite ${old} "${target}" with ${fresh} "${folder}"`;
    throw systemError(`Error processing tar file(exit status 1): ${what}`);
  }
  if (isFolder && existing?.kind === "directory") disk.restore(target, { ...node, children: existing.children });
  else disk.restore(target, node);
}
