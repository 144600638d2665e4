/** Converts file trees to layers and back. A layer's tar has its changes, and `.wh.` files for deletions. */
import { createHash } from "node:crypto";
import { type Change, changesBetween } from "../../userland/files/changes.ts";
import { type DirectoryNode, directoryNode, fileNode } from "../../userland/files/node.ts";
import { baseName, parentOf, segmentsOf } from "../../userland/files/path.ts";
import type { TarThing } from "../../userland/files/tar.ts";
import { tarBytes } from "../../userland/files/tar-bytes.ts";
import { nodeAt, type Placed, totalSize, treeOf, withNode } from "../../userland/files/tree.ts";
import type { Layer } from "../model/image.ts";

const WHITEOUT = ".wh.";
const OPAQUE = ".wh..wh..opq";

/** The digest of a tar without changes. A step of a build with this digest adds no layer. */
export const EMPTY_DIFF: string = toDigest(tarBytes([]));

export function toDigest(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

const EMPTY_TREE = directoryNode(0);

/** The layer that turns the layers below it into `root`. */
export function createLayer(root: DirectoryNode, below: Layer | undefined): Layer {
  const changes = [...changesBetween(below?.root ?? EMPTY_TREE, root)];
  return { diffId: toDigest(packChanges(changes)), root, size: measureChanges(changes) };
}

/** The layer of a tar, over the layers below it. */
export function createLayerFromTar(archive: Buffer, things: readonly TarThing[], below: Layer | undefined): Layer {
  const root = applyTar(below?.root ?? EMPTY_TREE, things);
  const size = things.reduce((sum, { node }) => sum + (node.kind === "file" ? node.content.length : 0), 0);
  return { diffId: toDigest(archive), root, size, archive };
}

/** The layer's tar, as `docker save` packs it. */
export function packLayer(layer: Layer, below: Layer | undefined): Buffer {
  return layer.archive ?? packChanges(changesBetween(below?.root ?? EMPTY_TREE, layer.root));
}

/** Applies the changes of another tree to `root`. */
export function withChanges(root: DirectoryNode, changes: readonly Change[]): DirectoryNode {
  const deletions = changes.filter(({ node }) => node === undefined);
  const rest = deletions.reduce((tree, { path }) => withNode(tree, segmentsOf(path), undefined), root);
  return treeOf(
    changes.flatMap(({ path, node }): Placed[] => (node === undefined ? [] : [{ path, node }])),
    rest,
  );
}

function packChanges(changes: Iterable<Change>): Buffer {
  const things: TarThing[] = [];
  for (const { path, node } of changes) {
    const name = path.slice(1);
    if (node === undefined)
      things.push({
        name: `${parentOf(name).slice(1)}/${WHITEOUT}${baseName(name)}`.replace(/^\//, ""),
        node: fileNode("", 0),
      });
    else things.push({ name: node.kind === "directory" ? `${name}/` : name, node });
  }
  return tarBytes(things);
}

function measureChanges(changes: readonly Change[]): number {
  return changes.reduce((sum, { node }) => sum + (node?.kind === "file" ? node.content.length : 0), 0);
}

/** Unpacks a layer's tar over a tree (moby pkg/archive/diff.go). */
function applyTar(root: DirectoryNode, things: readonly TarThing[]): DirectoryNode {
  const isWhiteout = ({ name }: TarThing): boolean => baseName(name).startsWith(WHITEOUT);
  const withoutDeleted = things.filter(isWhiteout).reduce((tree, { name }) => applyWhiteout(tree, name), root);
  const nodes = things
    .filter((thing) => !isWhiteout(thing))
    .map(({ name, node }) => ({ path: `/${segmentsOf(name).join("/")}`, node }));
  const rootEntry = nodes.find(({ path }) => path === "/")?.node;
  const base = rootEntry?.kind === "directory" ? { ...rootEntry, children: withoutDeleted.children } : withoutDeleted;
  return treeOf(nodes, base);
}

function applyWhiteout(root: DirectoryNode, name: string): DirectoryNode {
  const folder = segmentsOf(parentOf(`/${name}`));
  const last = baseName(name);
  if (last !== OPAQUE) return withNode(root, [...folder, last.slice(WHITEOUT.length)], undefined);
  const node = nodeAt(root, folder);
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
  return { ...createLayer(root, undefined), size: totalSize(root) };
}
