/** The mounts of a RUN: folders as volumes of its container; single files and secrets as files that are removed after it. */
import type { RootRef } from "../../../userland/files/disk.ts";
import {
  createDirectoryNode,
  createFileNode,
  createSocketNode,
  type DeviceNode,
  type DirectoryNode,
  type FileNode,
  type TreeNode,
} from "../../../userland/files/node.ts";
import { resolvePath, splitPath, toParentPath } from "../../../userland/files/path.ts";
import { findNode, withNode } from "../../../userland/files/tree.ts";
import { badParameter } from "../../model/api-error.ts";
import type { MountPoint } from "../../model/container.ts";
import type { Volume } from "../../model/volume.ts";
import type { RunMount } from "./run-mount.ts";
import { checkAgent } from "./session/check-agent.ts";
import { fetchSecret } from "./session/fetch-secret.ts";
import { SolveError } from "./solve-error.ts";
import { type SolveScope, waitForSession } from "./solve-scope.ts";

export interface PlacedFile {
  readonly path: string;
  readonly node: FileNode | DeviceNode;
}

export interface PreparedMounts {
  readonly points: readonly MountPoint[];
  readonly volumes: readonly Volume[];
  readonly files: readonly PlacedFile[];
  /** `NAME=value` of secrets that are variables. */
  readonly env: readonly string[];
}

/** Where commands find the agent of `--mount=type=ssh`, unless the mount says where. */
export const AGENT_SOCKET = "/run/buildkit/ssh_agent.0";

const NO_MOUNTS: PreparedMounts = { points: [], volumes: [], files: [], env: [] };

/** A mount with what it shows. */
export interface MountSource {
  readonly mount: RunMount;
  /** Undefined where it shows no files of a build. */
  readonly from: TreeNode | undefined;
}

/** @throws SolveError for a required secret or agent that the client does not offer */
export async function prepareMounts(
  scope: SolveScope,
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

/** @throws ApiError 400 for a mount over everything */
export function resolveMountTarget({ type, target }: RunMount, workingDir: string): string {
  const path = resolvePath(target, workingDir || "/");
  if (path === "/" && type !== "secret" && type !== "ssh") throw badParameter('invalid mount target "/"');
  return path;
}

function prepareMount(
  scope: SolveScope,
  { mount, from }: MountSource,
  workingDir: string,
): PreparedMounts | Promise<PreparedMounts> {
  const target = resolveMountTarget(mount, workingDir);
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
      return prepareAgent(scope, mount, target);
  }
}

async function prepareSecret(scope: SolveScope, mount: RunMount, target: string): Promise<PreparedMounts> {
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
  { builder }: SolveScope,
  mount: RunMount,
  target: string,
  from: TreeNode | undefined,
): RootRef {
  const id = mount.id || target;
  const root = from?.kind === "directory" ? from : undefined;
  const { mode, uid, gid } = mount;
  const folder = builder.cacheFolders.get(id) ?? { root: root ?? { ...createDirectoryNode(0, mode), uid, gid } };
  builder.cacheFolders.set(id, folder);
  return folder;
}

function prepareBind(scope: SolveScope, mount: RunMount, target: string, node: TreeNode | undefined): PreparedMounts {
  if (node?.kind === "directory") return prepareFolder(scope, mount, target, { root: node });
  return node?.kind === "file" ? { ...NO_MOUNTS, files: [{ path: target, node }] } : NO_MOUNTS;
}

/** The agent's socket, where the client offers one. */
async function prepareAgent(scope: SolveScope, mount: RunMount, target: string): Promise<PreparedMounts> {
  const client = await waitForSession(scope, scope.options.session);
  const refusal = await checkAgent(client, mount.id || "default");
  if (refusal !== undefined && mount.isRequired) throw new SolveError(refusal);
  if (refusal !== undefined) return NO_MOUNTS;
  const path = mount.target === "" ? AGENT_SOCKET : target;
  const { uid, gid } = mount;
  return { ...NO_MOUNTS, files: [{ path, node: { ...createSocketNode(0), uid, gid } }] };
}

function prepareFolder({ engine }: SolveScope, mount: RunMount, destination: string, files: RootRef): PreparedMounts {
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
