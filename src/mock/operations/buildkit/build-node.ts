/** A build before it runs: each node is a step or a source of files, and has its inputs (buildkit solver/pb). */
import type { DirectoryNode } from "../../../userland/files/node.ts";
import { createDirectoryNode } from "../../../userland/files/node.ts";
import { getRootTree, type Image, type Layer } from "../../model/image.ts";
import type { DockerfileInstruction } from "../dockerfile/instruction.ts";
import type { RunningVertex } from "./build-progress.ts";
import { toVertexDigest } from "./vertex-name.ts";

export interface NodeResult {
  readonly root: DirectoryNode;
  /** All layers up to the node's own. Empty for files that are no image. */
  readonly layers: readonly Layer[];
  /** When the last layer was made, in nanoseconds since 1970. */
  readonly created: bigint;
  /** Says what the files are made of: steps on equal keys have equal results. */
  readonly cacheKey: string;
}

interface NodeParts {
  /** Of the vertex. Nodes of equal digests are one vertex. */
  readonly digest: string;
  readonly name: string;
  readonly inputs: readonly BuildNode[];
}

/** Files that are there already: an empty image, or a context that the client has uploaded. */
export interface FilesNode extends NodeParts {
  readonly kind: "files";
  readonly result: NodeResult;
}

/** FROM, or `--from` of an image. */
export interface ImageNode extends NodeParts {
  readonly kind: "image";
  readonly result: NodeResult;
  /** What its vertex reports to do; empty for an image of the daemon. */
  readonly task: string;
}

/** Files that are fetched: a folder of the client, or a web page. */
export interface FetchNode extends NodeParts {
  readonly kind: "fetch";
  readonly fetch: () => Promise<DirectoryNode>;
}

export interface StepNode extends NodeParts {
  readonly kind: "step";
  /** The lines to blame; undefined for steps that no line stands for. */
  readonly instruction: DockerfileInstruction | undefined;
  readonly usesCache: boolean;
  /** The key of the result. @throws SolveError for files that the inputs do not have */
  readonly toKey: (inputs: readonly NodeResult[]) => string;
  /** Makes the tree. */
  readonly work: (inputs: readonly NodeResult[], vertex: RunningVertex, signal: AbortSignal) => Promise<DirectoryNode>;
}

export type BuildNode = FilesNode | ImageNode | FetchNode | StepNode;

/** `FROM scratch`. */
export const SCRATCH: FilesNode = {
  kind: "files",
  digest: toVertexDigest("scratch"),
  name: "",
  inputs: [],
  result: { root: createDirectoryNode(0), layers: [], created: 0n, cacheKey: "scratch" },
};

/** @param shown the image's name, with its digest where it comes from a registry */
export function createImageNode(image: Image, shown: string, name: string, task: string): ImageNode {
  const { layers, created, id } = image;
  const result = { root: getRootTree(image) ?? createDirectoryNode(0), layers, created, cacheKey: id };
  return { kind: "image", digest: toVertexDigest("image", shown), name, inputs: [], task, result };
}

/**
 * The names of the vertices, by digest: of nodes that are one vertex, the last one's in the order in which BuildKit writes
 * down a definition (buildkit client/llb/state.go, marshal).
 */
export function collectNames(target: BuildNode): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const visited = new Set<BuildNode>();
  const visit = (node: BuildNode): void => {
    if (visited.has(node)) return;
    for (const input of node.inputs) visit(input);
    visited.add(node);
    names.set(node.digest, node.name);
  };
  visit(target);
  return names;
}
