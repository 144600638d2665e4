/** The mounts of a RUN: folders as volumes of its container; single files and secrets as files that are removed after it. */
import type { RootRef } from "../../../userland/files/disk.ts";
import {
  createDirectoryNode,
  createFileNode,
  type DirectoryNode,
  type FileNode,
} from "../../../userland/files/node.ts";
import { resolvePath, splitPath, toParentPath } from "../../../userland/files/path.ts";
import { findNode, withNode } from "../../../userland/files/tree.ts";
import type { MountPoint } from "../../model/container.ts";
import type { Volume } from "../../model/volume.ts";
import type { RunMount } from "./run-mount.ts";
import { fetchSecret } from "./session/fetch-secret.ts";
import { SolveError } from "./solve-error.ts";
import { waitForSession } from "./solve-scope.ts";
import { findSourceTree, type SourceTree, type StageScope } from "./stage-scope.ts";

export interface PlacedFile {
  readonly path: string;
  readonly node: FileNode;
}

export interface PreparedMounts {
  readonly points: readonly MountPoint[];
  readonly volumes: readonly Volume[];
  readonly files: readonly PlacedFile[];
  /** `NAME=value` of secrets that are variables. */
  readonly env: readonly string[];
}

const NO_MOUNTS: PreparedMounts = { points: [], volumes: [], files: [], env: [] };

/** A mount with the files that it reads. */
export interface MountSource {
  readonly mount: RunMount;
  /** Undefined where it reads none. */
  readonly from: SourceTree | undefined;
}

/** Builds the stages and reads the context that mounts need. */
export async function findMountSources(
  scope: StageScope,
  mounts: readonly RunMount[],
  stageIndex: number,
): Promise<readonly MountSource[]> {
  const sources: MountSource[] = [];
  for (const mount of mounts) {
    const readsFiles = mount.type === "bind" || (mount.type === "cache" && mount.from !== "");
    sources.push({ mount, from: readsFiles ? await findSourceTree(scope, mount.from, stageIndex) : undefined });
  }
  return sources;
}

/** @throws SolveError for a required secret that the client does not offer, and for a source that does not exist */
export async function prepareMounts(
  scope: StageScope,
  sources: readonly MountSource[],
  workingDir: string,
): Promise<PreparedMounts> {
  let prepared = NO_MOUNTS;
  for (const source of sources) {
    const one = await prepareMount(scope, source, workingDir);
    prepared = {
      points: [...prepared.points, ...one.points],
      volumes: [...prepared.volumes, ...one.volumes],
      files: [...prepared.files, ...one.files],
      env: [...prepared.env, ...one.env],
    };
  }
  return prepared;
}

function prepareMount(
  scope: StageScope,
  { mount, from }: MountSource,
  workingDir: string,
): PreparedMounts | Promise<PreparedMounts> {
  const target = resolvePath(mount.target, workingDir || "/");
  switch (mount.type) {
    case "secret":
      return prepareSecret(scope, mount, target);
    case "cache":
      return prepareFolder(scope, mount, target, findCacheFolder(scope, mount, target, from));
    case "tmpfs":
      return prepareFolder(scope, mount, target, { root: createDirectoryNode(0, 0o1777) });
    case "bind":
      return prepareBind(scope, mount, target, from);
    case "ssh":
      return NO_MOUNTS;
  }
}

async function prepareSecret(scope: StageScope, mount: RunMount, target: string): Promise<PreparedMounts> {
  const id = mount.id || mount.source || target.slice(target.lastIndexOf("/") + 1);
  const content = await fetchSecret(await waitForSession(scope, scope.options.session), id);
  if (content === undefined) {
    if (mount.isRequired) throw new SolveError(`secret ${id}: not found`);
    return NO_MOUNTS;
  }
  if (mount.env !== "") return { ...NO_MOUNTS, env: [`${mount.env}=${content.toString("utf8")}`] };
  const path = mount.target === "" ? `/run/secrets/${id}` : target;
  const { mode, uid, gid } = mount;
  return { ...NO_MOUNTS, files: [{ path, node: { ...createFileNode(content, 0, mode), uid, gid } }] };
}

function findCacheFolder(
  { builder }: StageScope,
  mount: RunMount,
  target: string,
  from: SourceTree | undefined,
): RootRef {
  const id = mount.id || target;
  const root = from === undefined ? undefined : findFolder(from, mount.source);
  const { mode, uid, gid } = mount;
  const folder = builder.cacheFolders.get(id) ?? { root: root ?? { ...createDirectoryNode(0, mode), uid, gid } };
  builder.cacheFolders.set(id, folder);
  return folder;
}

function findFolder({ root }: SourceTree, source: string): DirectoryNode | undefined {
  const node = findNode(root, splitPath(source));
  return node?.kind === "directory" ? node : undefined;
}

function prepareBind(scope: StageScope, mount: RunMount, target: string, from: SourceTree | undefined): PreparedMounts {
  const node = from && findNode(from.root, splitPath(mount.source));
  if (node?.kind === "directory") return prepareFolder(scope, mount, target, { root: node });
  if (node?.kind === "file") return { ...NO_MOUNTS, files: [{ path: target, node }] };
  throw new SolveError(`failed to compute cache key: ${JSON.stringify(`/${mount.source}`)}: not found`);
}

function prepareFolder({ engine }: StageScope, mount: RunMount, destination: string, files: RootRef): PreparedMounts {
  const name = engine.random.drawId("build mount");
  const common = { labels: null, options: null, isAnonymous: true } as const;
  const volume: Volume = { name, driver: "local", created: engine.time.now(), ...common, files };
  const point: MountPoint = {
    type: "volume",
    name,
    source: "",
    destination,
    driver: "local",
    mode: "",
    isWritable: !mount.isReadOnly,
    propagation: "",
  };
  return { ...NO_MOUNTS, points: [point], volumes: [volume] };
}

export function placeFiles(root: DirectoryNode, files: readonly PlacedFile[]): DirectoryNode {
  return files.reduce((tree, { path, node }) => withNode(tree, splitPath(path), node), root);
}

/** Takes the files out again, with the folders that were made for them; what was at their places before is there again. */
export function removeFiles(
  root: DirectoryNode,
  files: readonly Pick<PlacedFile, "path">[],
  base: DirectoryNode,
): DirectoryNode {
  return files.reduce((tree, { path }) => {
    const without = withNode(tree, splitPath(path), findNode(base, splitPath(path)));
    return removeEmptyFolders(without, toParentPath(path), base);
  }, root);
}

function removeEmptyFolders(root: DirectoryNode, path: string, base: DirectoryNode): DirectoryNode {
  if (path === "/") return root;
  const names = splitPath(path);
  const node = findNode(root, names);
  const before = findNode(base, names);
  if (node?.kind !== "directory") return root;
  if (before?.kind === "directory") return isSame(node, before) ? withNode(root, names, before) : root;
  if (node.children.size > 0) return root;
  return removeEmptyFolders(withNode(root, names, undefined), toParentPath(path), base);
}

function isSame(one: DirectoryNode, other: DirectoryNode): boolean {
  return (
    one.children.size === other.children.size &&
    [...one.children].every(([name, node]) => other.children.get(name) === node)
  );
}
