/** Converts file trees to layers and back. A layer's tar has its changes, and `.wh.` files for deletions. */
import { createHash } from "node:crypto";
import { compareTrees, type TreeChange } from "../../userland/files/compare-trees.ts";
import { createDirectoryNode, createFileNode, type DirectoryNode } from "../../userland/files/node.ts";
import { splitPath, toBaseName, toParentPath } from "../../userland/files/path.ts";
import type { TarMember } from "../../userland/files/read-tar.ts";
import { buildTree, findNode, type PlacedNode, sumSizes, withNode } from "../../userland/files/tree.ts";
import { writeTar } from "../../userland/files/write-tar.ts";
import type { Layer } from "../model/image.ts";

const WHITEOUT = ".wh.";
const OPAQUE = ".wh..wh..opq";

/** The digest of a tar without changes. A step of a build with this digest adds no layer. */
export const EMPTY_DIFF: string = toDigest(writeTar([]));

export function toDigest(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

const EMPTY_TREE = createDirectoryNode(0);

/** The layer that turns the layers below it into `root`. */
export function createLayer(root: DirectoryNode, below: Layer | undefined): Layer {
  const changes = [...compareTrees(below?.root ?? EMPTY_TREE, root)];
  return { diffId: toDigest(packChanges(changes)), root, size: measureChanges(changes) };
}

/** The layer of a tar, over the layers below it. */
export function createLayerFromTar(archive: Buffer, things: readonly TarMember[], below: Layer | undefined): Layer {
  const root = applyTar(below?.root ?? EMPTY_TREE, things);
  const size = things.reduce((sum, { node }) => sum + (node.kind === "file" ? node.content.length : 0), 0);
  return { diffId: toDigest(archive), root, size, archive };
}

/** The layer's tar, as `docker save` packs it. */
export function packLayer(layer: Layer, below: Layer | undefined): Buffer {
  return layer.archive ?? packChanges(compareTrees(below?.root ?? EMPTY_TREE, layer.root));
}

/** Applies the changes of another tree to `root`. */
export function withChanges(root: DirectoryNode, changes: readonly TreeChange[]): DirectoryNode {
  const deletions = changes.filter(({ node }) => node === undefined);
  const rest = deletions.reduce((tree, { path }) => withNode(tree, splitPath(path), undefined), root);
  return buildTree(
    changes.flatMap(({ path, node }): PlacedNode[] => (node === undefined ? [] : [{ path, node }])),
    rest,
  );
}

function packChanges(changes: Iterable<TreeChange>): Buffer {
  const things: TarMember[] = [];
  for (const { path, node } of changes) {
    const name = path.slice(1);
    if (node === undefined)
      things.push({
        name: `${toParentPath(name).slice(1)}/${WHITEOUT}${toBaseName(name)}`.replace(/^\//, ""),
        node: createFileNode("", 0),
      });
    else things.push({ name: node.kind === "directory" ? `${name}/` : name, node });
  }
  return writeTar(things);
}

function measureChanges(changes: readonly TreeChange[]): number {
  return changes.reduce((sum, { node }) => sum + (node?.kind === "file" ? node.content.length : 0), 0);
}

/** Unpacks a layer's tar over a tree (moby pkg/archive/diff.go). */
function applyTar(root: DirectoryNode, things: readonly TarMember[]): DirectoryNode {
  const isWhiteout = ({ name }: TarMember): boolean => toBaseName(name).startsWith(WHITEOUT);
  const withoutDeleted = things.filter(isWhiteout).reduce((tree, { name }) => applyWhiteout(tree, name), root);
  const nodes = things
    .filter((thing) => !isWhiteout(thing))
    .map(({ name, node }) => ({ path: `/${splitPath(name).join("/")}`, node }));
  const rootEntry = nodes.find(({ path }) => path === "/")?.node;
  const base = rootEntry?.kind === "directory" ? { ...rootEntry, children: withoutDeleted.children } : withoutDeleted;
  return buildTree(nodes, base);
}

function applyWhiteout(root: DirectoryNode, name: string): DirectoryNode {
  const folder = splitPath(toParentPath(`/${name}`));
  const last = toBaseName(name);
  if (last !== OPAQUE) return withNode(root, [...folder, last.slice(WHITEOUT.length)], undefined);
  const node = findNode(root, folder);
  return node?.kind === "directory" ? withNode(root, folder, { ...node, children: new Map() }) : root;
}

/** The bytes of all files in the layers. */
export function sumLayerSizes(layers: readonly Layer[]): number {
  return layers.reduce((sum, { size }) => sum + size, 0);
}

/** The chain ids of the layers (image-spec, "Layer ChainID"), lowest first. */
export function toChainIds(layers: readonly Layer[]): string[] {
  const chain: string[] = [];
  for (const { diffId } of layers) {
    const below = chain.at(-1);
    chain.push(below === undefined ? diffId : toDigest(Buffer.from(`${below} ${diffId}`)));
  }
  return chain;
}

/** A bottom layer with these files. Its size counts all of them. */
export function createBaseLayer(root: DirectoryNode): Layer {
  return { ...createLayer(root, undefined), size: sumSizes(root) };
}
