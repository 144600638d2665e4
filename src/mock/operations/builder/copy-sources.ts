/** Finds the sources of COPY and ADD, fingerprints them for the cache, and copies them (moby builder/dockerfile/copy.go). */
import { createHash } from "node:crypto";
import { decompress } from "../../../userland/files/decompress.ts";
import { Disk } from "../../../userland/files/disk.ts";
import { createDirectoryNode, type DirectoryNode, type TreeNode } from "../../../userland/files/node.ts";
import { isWithin, resolvePath, splitPath, toBaseName } from "../../../userland/files/path.ts";
import { buildTree, type PlacedNode, walk } from "../../../userland/files/tree.ts";
import { ApiError } from "../../model/api-error.ts";
import { compileGlob } from "../../model/compile-glob.ts";
import { readTar } from "../../model/read-tar.ts";

export interface CopySource {
  /** The base name of its path. */
  readonly name: string;
  readonly node: TreeNode;
  /** A download. ADD never unpacks it. */
  readonly isRemote?: boolean;
}

export interface FileOwner {
  readonly uid: number;
  readonly gid: number;
}

export interface CopyOptions {
  readonly sources: readonly CopySource[];
  /** As written in the instruction. A slash at the end means a folder. */
  readonly target: string;
  readonly workingDir: string;
  /** Undefined keeps the owners of the sources. */
  readonly owner: FileOwner | undefined;
  /** Unpacks tars, as ADD does. */
  readonly unpacks: boolean;
}

/**
 * The files that a path or a pattern selects below `root`.
 * @param isContext `root` is the context that the client sent, and not another stage
 * @throws ApiError 500 for a path that does not exist, or is outside the root
 */
export function findSources(
  root: DirectoryNode,
  pattern: string,
  { command, isContext }: { command: string; isContext: boolean },
): CopySource[] {
  const createError = (why: string): ApiError => new ApiError(500, `${command} failed: ${why}`);
  const path = splitPath(pattern).join("/");
  if (/^\.\.(\/|$)/.test(pattern)) throw createError(`forbidden path outside the build context: ${pattern} ()`);
  if (/[*?[]/.test(pattern)) return findMatches(root, path);
  const node = new Disk([{ at: "/", rootRef: { root } }], () => 0).peek(`/${path}`);
  if (node !== undefined) return [{ name: toBaseName(`/${path}`), node }];
  const where = isContext ? "file not found in build context or excluded by .dockerignore: " : "";
  throw createError(`${where}stat ${path}: file does not exist`);
}

function findMatches(root: DirectoryNode, pattern: string): CopySource[] {
  const expression = compileGlob(pattern);
  const matches: CopySource[] = [];
  for (const { path, node } of walk(root)) {
    if (expression?.test(path.slice(1)) === true) matches.push({ name: toBaseName(path), node });
  }
  return matches;
}

/** `file:...`, `dir:...` or `multi:...` with a digest of names, attributes and contents. Times do not count. */
export function formatFingerprint(sources: readonly CopySource[]): string {
  const [only] = sources;
  if (sources.length === 1 && only !== undefined) {
    return `${only.node.kind === "directory" ? "dir" : "file"}:${hashTree(only.node)}`;
  }
  const all = createHash("sha256");
  for (const { name, node } of sources) all.update(`${name}\0${hashTree(node)}\0`);
  return `multi:${all.digest("hex")}`;
}

function hashTree(node: TreeNode): string {
  const hash = createHash("sha256");
  hash.update(`${node.kind}\0${node.mode}\0${node.uid}\0${node.gid}\0`);
  if (node.kind === "file") hash.update(node.content);
  if (node.kind === "link") hash.update(node.target);
  if (node.kind === "directory") {
    for (const [name, child] of [...node.children].sort(([one], [other]) => (one < other ? -1 : 1))) {
      hash.update(`${name}\0${hashTree(child)}\0`);
    }
  }
  return hash.digest("hex");
}

/** Copies the sources into `root`. */
export async function copySources(root: DirectoryNode, copy: CopyOptions, nowMs: number): Promise<DirectoryNode> {
  const { target, workingDir } = copy;
  const isFolder = /(^|\/)\.?$/.test(target);
  const rootRef = { root };
  const disk = new Disk([{ at: "/", rootRef }], () => nowMs);
  const at = resolvePath(target, workingDir || "/");
  const real = followLinks(disk, at);
  for (const source of copy.sources) {
    const isExistingFolder = disk.peek(real)?.kind === "directory";
    for (const placed of await placeSource(source, real, copy, isFolder || isExistingFolder)) {
      if (placed.node.kind === "directory") makeFolder(disk, placed);
      else rootRef.root = buildTree([placed], rootRef.root);
    }
  }
  return rootRef.root;
}

/** Follows the links of a path that exists. */
function followLinks(disk: Disk, path: string): string {
  try {
    return disk.find(path).path;
  } catch {
    return path;
  }
}

/** A folder that exists keeps its attributes. */
function makeFolder(disk: Disk, { path, node }: PlacedNode): void {
  if (disk.peek(path)?.kind !== "directory" && path !== "/")
    disk.restore(path, { ...(node as DirectoryNode), children: new Map() });
}

async function placeSource(
  source: CopySource,
  target: string,
  copy: CopyOptions,
  isFolder: boolean,
): Promise<PlacedNode[]> {
  const { node, name } = source;
  const withOwner = <N extends TreeNode>(one: N): N => ({ ...one, ...copy.owner });
  if (node.kind === "directory") {
    const inner = [...walk(node)].map((placed) => ({
      path: joinPath(target, placed.path),
      node: withOwner(placed.node),
    }));
    return [{ path: target, node: withOwner({ ...createDirectoryNode(node.mtimeMs) }) }, ...inner];
  }
  const members = copy.unpacks && source.isRemote !== true ? await unpackTar(node, target) : undefined;
  return members ?? [{ path: isFolder ? joinPath(target, `/${name}`) : target, node: withOwner(node) }];
}

function joinPath(folder: string, path: string): string {
  return folder === "/" ? path : `${folder}${path}`;
}

async function unpackTar(node: TreeNode, target: string): Promise<PlacedNode[] | undefined> {
  if (node.kind !== "file") return undefined;
  const bytes = await readAsTar(node.content);
  if (bytes === undefined) return undefined;
  const things = await readTar(bytes);
  return things
    .map((thing) => ({
      path: joinPath(target, `/${splitPath(thing.name).join("/")}`).replace(/(.)\/$/, "$1"),
      node: thing.node,
    }))
    .filter(({ path }) => isWithin(path, target));
}

async function readAsTar(content: Buffer): Promise<Buffer | undefined> {
  try {
    const bytes = await decompress(content);
    return bytes.toString("latin1", 257, 262) === "ustar" ? bytes : undefined;
  } catch {
    return undefined;
  }
}
