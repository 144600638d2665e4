/** COPY and ADD: what is meant, what it is known by in the cache, and where it goes (moby builder/dockerfile/copy.go). */
import { createHash } from "node:crypto";
import { decompressed } from "../../../userland/files/decompress.ts";
import { Disk } from "../../../userland/files/disk.ts";
import { type DirectoryNode, directoryNode, type TreeNode } from "../../../userland/files/node.ts";
import { absolute, baseName, isWithin, segmentsOf } from "../../../userland/files/path.ts";
import { type Placed, treeOf, walk } from "../../../userland/files/tree.ts";
import { ApiError } from "../../model/api-error.ts";
import { globExpression } from "../../model/glob.ts";
import { readTar } from "../../model/read-tar.ts";

export interface Source {
  /** The last name of where it was. */
  readonly name: string;
  readonly node: TreeNode;
  /** A download is never unpacked. */
  readonly isRemote?: boolean;
}

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

export interface Copy {
  readonly sources: readonly Source[];
  /** As the instruction has it: a slash at the end means a folder. */
  readonly target: string;
  readonly workingDir: string;
  readonly owner: Owner;
  /** ADD unpacks tars. */
  readonly unpacks: boolean;
}

/**
 * What `pattern` means below `root`. `isContext`: it was sent by the client.
 * @throws Refusal where there is nothing
 */
export function sourcesAt(
  root: DirectoryNode,
  pattern: string,
  { command, isContext }: { command: string; isContext: boolean },
): Source[] {
  const failed = (why: string): ApiError => new ApiError(500, `${command} failed: ${why}`);
  const path = segmentsOf(pattern).join("/");
  if (/^\.\.(\/|$)/.test(pattern)) throw failed(`forbidden path outside the build context: ${pattern} ()`);
  if (/[*?[]/.test(pattern)) return matching(root, path);
  const node = new Disk([{ at: "/", cell: { root } }], () => 0).peek(`/${path}`);
  if (node !== undefined) return [{ name: baseName(`/${path}`), node }];
  const where = isContext ? "file not found in build context or excluded by .dockerignore: " : "";
  throw failed(`${where}stat ${path}: file does not exist`);
}

function matching(root: DirectoryNode, pattern: string): Source[] {
  const expression = globExpression(pattern);
  const found: Source[] = [];
  for (const { path, node } of walk(root)) {
    if (expression?.test(path.slice(1)) === true) found.push({ name: baseName(path), node });
  }
  return found;
}

/** `file:...`, `dir:...`, `multi:...`: names and contents count, times do not. */
export function fingerprintOf(sources: readonly Source[]): string {
  const [only] = sources;
  if (sources.length === 1 && only !== undefined) {
    return `${only.node.kind === "directory" ? "dir" : "file"}:${hashOf(only.node)}`;
  }
  const all = createHash("sha256");
  for (const { name, node } of sources) all.update(`${name}\0${hashOf(node)}\0`);
  return `multi:${all.digest("hex")}`;
}

function hashOf(node: TreeNode): string {
  const hash = createHash("sha256");
  hash.update(`${node.kind}\0${node.mode}\0${node.uid}\0${node.gid}\0`);
  if (node.kind === "file") hash.update(node.content);
  if (node.kind === "link") hash.update(node.target);
  if (node.kind === "directory") {
    for (const [name, child] of [...node.children].sort(([one], [other]) => (one < other ? -1 : 1))) {
      hash.update(`${name}\0${hashOf(child)}\0`);
    }
  }
  return hash.digest("hex");
}

/** `root` with the copies in it. */
export async function copied(root: DirectoryNode, copy: Copy, nowMs: number): Promise<DirectoryNode> {
  const { target, workingDir } = copy;
  const isFolder = /(^|\/)\.?$/.test(target);
  const cell = { root };
  const disk = new Disk([{ at: "/", cell }], () => nowMs);
  const at = absolute(target, workingDir || "/");
  const real = resolved(disk, at);
  for (const source of copy.sources) {
    const there = disk.peek(real)?.kind === "directory";
    for (const placed of await placedOf(source, real, copy, isFolder || there)) {
      if (placed.node.kind === "directory") makeFolder(disk, placed);
      else cell.root = treeOf([placed], cell.root);
    }
  }
  return cell.root;
}

/** Through links on the way, as far as there is something. */
function resolved(disk: Disk, path: string): string {
  try {
    return disk.find(path).path;
  } catch {
    return path;
  }
}

/** One that is there already keeps its attributes. */
function makeFolder(disk: Disk, { path, node }: Placed): void {
  if (disk.peek(path)?.kind !== "directory" && path !== "/")
    disk.restore(path, { ...(node as DirectoryNode), children: new Map() });
}

async function placedOf(source: Source, target: string, copy: Copy, isFolder: boolean): Promise<Placed[]> {
  const { node, name } = source;
  const owned = <N extends TreeNode>(one: N): N => ({ ...one, ...copy.owner });
  if (node.kind === "directory") {
    const inner = [...walk(node)].map((placed) => ({ path: under(target, placed.path), node: owned(placed.node) }));
    return [{ path: target, node: owned({ ...directoryNode(node.mtimeMs) }) }, ...inner];
  }
  const unpacked = copy.unpacks && source.isRemote !== true ? await unpackedTar(node, target) : undefined;
  return unpacked ?? [{ path: isFolder ? under(target, `/${name}`) : target, node: owned(node) }];
}

function under(folder: string, path: string): string {
  return folder === "/" ? path : `${folder}${path}`;
}

async function unpackedTar(node: TreeNode, target: string): Promise<Placed[] | undefined> {
  if (node.kind !== "file") return undefined;
  const bytes = await tarIn(node.content);
  if (bytes === undefined) return undefined;
  const things = await readTar(once(bytes));
  return things
    .map((thing) => ({
      path: under(target, `/${segmentsOf(thing.name).join("/")}`).replace(/(.)\/$/, "$1"),
      node: thing.node,
    }))
    .filter(({ path }) => isWithin(path, target));
}

async function tarIn(content: Buffer): Promise<Buffer | undefined> {
  try {
    const bytes = await decompressed(content);
    return bytes.toString("latin1", 257, 262) === "ustar" ? bytes : undefined;
  } catch {
    return undefined;
  }
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
