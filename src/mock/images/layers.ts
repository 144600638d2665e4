/** From trees to layers and back: a layer's tar has what it changes, and `.wh.` files for what it takes away. */
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

/** The tar of no changes at all: such a step of a build makes no layer. */
export const EMPTY_DIFF: string = digestOf(tarBytes([]));

export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

const NOTHING = directoryNode(0);

/** The layer that makes `root` of what is below it. */
export function layerOf(root: DirectoryNode, below: Layer | undefined): Layer {
  const changes = [...changesBetween(below?.root ?? NOTHING, root)];
  return { diffId: digestOf(tarOfChanges(changes)), root, size: sizeOfChanges(changes) };
}

/** The layer that a tar is, over what is below it. */
export function layerFromTar(archive: Buffer, things: readonly TarThing[], below: Layer | undefined): Layer {
  const root = applied(below?.root ?? NOTHING, things);
  const size = things.reduce((sum, { node }) => sum + (node.kind === "file" ? node.content.length : 0), 0);
  return { diffId: digestOf(archive), root, size, archive };
}

/** As `docker save` packs it. */
export function archiveOf(layer: Layer, below: Layer | undefined): Buffer {
  return layer.archive ?? tarOfChanges(changesBetween(below?.root ?? NOTHING, layer.root));
}

/** `root` with what happened to another tree. */
export function withChanges(root: DirectoryNode, changes: readonly Change[]): DirectoryNode {
  const gone = changes.filter(({ node }) => node === undefined);
  const kept = gone.reduce((tree, { path }) => withNode(tree, segmentsOf(path), undefined), root);
  return treeOf(
    changes.flatMap(({ path, node }): Placed[] => (node === undefined ? [] : [{ path, node }])),
    kept,
  );
}

function tarOfChanges(changes: Iterable<Change>): Buffer {
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

function sizeOfChanges(changes: readonly Change[]): number {
  return changes.reduce((sum, { node }) => sum + (node?.kind === "file" ? node.content.length : 0), 0);
}

/** A tar unpacked over a tree (moby pkg/archive/diff.go). */
function applied(root: DirectoryNode, things: readonly TarThing[]): DirectoryNode {
  const isWhiteout = ({ name }: TarThing): boolean => baseName(name).startsWith(WHITEOUT);
  const cleared = things.filter(isWhiteout).reduce((tree, { name }) => whitedOut(tree, name), root);
  const placed = things
    .filter((thing) => !isWhiteout(thing))
    .map(({ name, node }) => ({ path: `/${segmentsOf(name).join("/")}`, node }));
  const top = placed.find(({ path }) => path === "/")?.node;
  const own = top?.kind === "directory" ? { ...top, children: cleared.children } : cleared;
  return treeOf(placed, own);
}

function whitedOut(root: DirectoryNode, name: string): DirectoryNode {
  const folder = segmentsOf(parentOf(`/${name}`));
  const last = baseName(name);
  if (last !== OPAQUE) return withNode(root, [...folder, last.slice(WHITEOUT.length)], undefined);
  const there = nodeAt(root, folder);
  return there?.kind === "directory" ? withNode(root, folder, { ...there, children: new Map() }) : root;
}

/** The bytes of all files that a container of these layers sees. */
export function sizeOfLayers(layers: readonly Layer[]): number {
  return layers.reduce((sum, { size }) => sum + size, 0);
}

/** The name of a stack of layers (image-spec, "Layer ChainID"): lowest first. */
export function chainIds(layers: readonly Layer[]): string[] {
  const chain: string[] = [];
  for (const { diffId } of layers) {
    const below = chain.at(-1);
    chain.push(below === undefined ? diffId : digestOf(Buffer.from(`${below} ${diffId}`)));
  }
  return chain;
}

/** A layer of nothing but these files: what an image is made from by hand. */
export function layerOfTree(root: DirectoryNode): Layer {
  return { ...layerOf(root, undefined), size: totalSize(root) };
}
