/** COPY and ADD: finds their sources, and makes the tree (buildkit solver/llbsolver/file). */
import type { DirectoryNode, TreeNode } from "../../../userland/files/node.ts";
import { parseMode } from "../../../userland/files/parse-mode.ts";
import { resolvePath } from "../../../userland/files/path.ts";
import { ApiError, badParameter } from "../../model/api-error.ts";
import { isIgnored } from "../builder/build-context.ts";
import { type CopySource, copySources, type FileOwner, findSources } from "../builder/copy-sources.ts";
import { resolveOwner } from "../builder/copy-step.ts";
import type { Engine } from "../engine.ts";
import type { NodeResult } from "./build-node.ts";
import { SolveError } from "./solve-error.ts";

/** A source as the instruction names it. */
export interface CopyWord {
  readonly path: string;
  /** A text or a web page: its name is no pattern. */
  readonly isInline: boolean;
}

export interface CopyPlan {
  /** Each with the index of the step's input that has it. */
  readonly words: readonly (CopyWord & { readonly input: number })[];
  readonly target: string;
  readonly workingDir: string;
  readonly chown: string;
  readonly chmod: string;
  /** Patterns, below each source. */
  readonly excluded: readonly string[];
  readonly unpacks: boolean;
  /** Unpacks tars from the web, too. */
  readonly unpacksPages: boolean;
  /** The files are not the client's. */
  readonly keepsOwners: boolean;
}

/** The files of all sources, with their modes changed by `--chmod`. @throws SolveError for a file that is missing */
export function resolveSources(engine: Engine, plan: CopyPlan, inputs: readonly NodeResult[]): readonly CopySource[] {
  const sources = plan.words.flatMap(({ path, isInline, input }): readonly CopySource[] => {
    const { root } = inputs[input] as NodeResult;
    const node = root.children.get(path);
    if (isInline && node !== undefined) return [{ name: path, node, isRemote: !plan.unpacksPages }];
    return findFiles(engine, root, path);
  });
  return sources.flatMap((source) => {
    const kept = withoutExcluded(source, plan.excluded);
    return kept === undefined ? [] : [{ ...kept, node: withMode(kept.node, plan.chmod) }];
  });
}

/** The tree with the sources in it. */
export function copyInto(
  root: DirectoryNode,
  sources: readonly CopySource[],
  { chown, keepsOwners, target, workingDir, unpacks }: CopyPlan,
  nowMs: number,
): Promise<DirectoryNode> {
  const owner = chown === "" && keepsOwners ? undefined : findOwner(root, chown);
  return copySources(root, { sources, target, workingDir, owner, unpacks }, nowMs);
}

/** A name that is not known is root's. */
function findOwner(root: DirectoryNode, chown: string): FileOwner {
  try {
    return resolveOwner(root, chown);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { uid: 0, gid: 0 };
  }
}

function findFiles(engine: Engine, root: DirectoryNode, path: string): readonly CopySource[] {
  const cleaned = resolvePath(path);
  try {
    return findSources(root, cleaned, { command: "COPY", isContext: false });
  } catch (error) {
    throw error instanceof ApiError ? createMissingError(engine, cleaned) : error;
  }
}

/** BuildKit names the reference of its cache, which no client can know. */
export function createMissingError({ random }: Engine, path: string): SolveError {
  const drawReference = (): string => random.drawId("build reference").slice(0, 25);
  const missing = `${JSON.stringify(resolvePath(path))}: not found`;
  const message = `failed to calculate checksum of ref ${drawReference()}::${drawReference()}: ${missing}`;
  return new SolveError(message, { prefix: "failed to compute cache key: " });
}

function withoutExcluded(source: CopySource, patterns: readonly string[]): CopySource | undefined {
  if (patterns.length === 0) return source;
  const { node, name } = source;
  if (node.kind !== "directory") return isIgnored(name, patterns) ? undefined : source;
  return { ...source, node: filterTree(node, "", patterns) };
}

function filterTree(node: DirectoryNode, path: string, patterns: readonly string[]): DirectoryNode {
  const kept = [...node.children].flatMap(([name, child]): [string, TreeNode][] => {
    const at = path === "" ? name : `${path}/${name}`;
    if (isIgnored(at, patterns)) return [];
    return [[name, child.kind === "directory" ? filterTree(child, at, patterns) : child]];
  });
  return { ...node, children: new Map(kept) };
}

/** @throws ApiError 400 for a mode that is neither octal nor like `u=rwx,go=rx` */
export function checkChmod(text: string): void {
  if (text === "" || parseMode(text, { mode: 0, isFolder: false, umask: 0 }) !== undefined) return;
  throw badParameter(`invalid chmod parameter: '${text}'. it should be octal string and between 0 and 07777`);
}

function withMode(node: TreeNode, text: string): TreeNode {
  if (node.kind === "link" || text === "") return node;
  const context = { mode: node.mode, isFolder: node.kind === "directory", umask: 0 };
  const mode = parseMode(text, context);
  if (node.kind !== "directory") return { ...node, mode: mode ?? node.mode };
  const children = [...node.children].map(([name, child]) => [name, withMode(child, text)] as const);
  return { ...node, mode: mode ?? node.mode, children: new Map(children) };
}
