/** COPY and ADD: finds their sources, and makes the layer (buildkit dockerfile2llb/convert.go, dispatchCopy). */
import { createFileNode, type DirectoryNode, type TreeNode } from "../../../userland/files/node.ts";
import { toBaseName } from "../../../userland/files/path.ts";
import { ApiError } from "../../model/api-error.ts";
import { getPage } from "../../runtime/web-pages.ts";
import { type CopySource, copySources, findSources } from "../builder/copy-sources.ts";
import { resolveOwner } from "../builder/copy-step.ts";
import { expandWord } from "../dockerfile/expand.ts";
import type { DockerfileInstruction } from "../dockerfile/instruction.ts";
import type { DockerfileVariables } from "../dockerfile/variables.ts";
import type { Engine } from "../engine.ts";
import { SolveError } from "./solve-error.ts";
import { createUnsupportedError } from "./solve-options.ts";
import type { SourceTree } from "./stage-scope.ts";

export interface CopyRequest {
  readonly instruction: DockerfileInstruction;
  readonly variables: DockerfileVariables;
  readonly escapeMark: string;
  readonly from: SourceTree;
  readonly workingDir: string;
}

/** The sources of an instruction, with their modes changed by `--chmod`. @throws SolveError, ApiError */
export function resolveSources(engine: Engine, request: CopyRequest): readonly CopySource[] {
  const { instruction, variables, escapeMark } = request;
  const words = instruction.args.slice(0, -1);
  const sources = words.flatMap((word) => resolveWord(engine, request, word));
  const mode = parseMode(expandWord(instruction.flags.get("chmod") ?? "", variables, escapeMark));
  if (sources.length > 1 && !resolveTarget(request).endsWith("/")) {
    const rule = "the destination must be a directory and end with a /";
    throw new SolveError(`When using ${instruction.name.toUpperCase()} with more than one source file, ${rule}`);
  }
  return mode === undefined ? sources : sources.map((source) => ({ ...source, node: withMode(source.node, mode) }));
}

export function resolveTarget({ instruction, variables, escapeMark }: CopyRequest): string {
  return expandWord(instruction.args.at(-1) ?? "", variables, escapeMark);
}

/** The tree with the sources in it. */
export function copyInto(
  root: DirectoryNode,
  sources: readonly CopySource[],
  request: CopyRequest,
  nowMs: number,
): Promise<DirectoryNode> {
  const { instruction, variables, escapeMark, from, workingDir } = request;
  const chown = expandWord(instruction.flags.get("chown") ?? "", variables, escapeMark);
  const owner = chown === "" && !from.isContext ? undefined : resolveOwner(root, chown);
  const unpacks = instruction.name === "add" && instruction.flags.get("unpack") !== "false";
  return copySources(root, { sources, target: resolveTarget(request), workingDir, owner, unpacks }, nowMs);
}

function resolveWord(
  engine: Engine,
  { instruction, variables, escapeMark, from }: CopyRequest,
  word: string,
): CopySource[] {
  const heredoc = instruction.heredocs.find(({ name }) => word.replace(/^<<-?["']?|["']$/g, "") === name);
  if (heredoc !== undefined && word.startsWith("<<")) {
    const { name, content, isExpanded } = heredoc;
    return [{ name, node: createFileNode(isExpanded ? replaceText(content, variables) : content, 0), isRemote: true }];
  }
  const path = expandWord(word, variables, escapeMark);
  const command = instruction.name.toUpperCase();
  if (/^(?:https?|ftp):\/\//.test(path)) return [downloadSource(engine, path, command)];
  try {
    return findSources(from.root, path, { command, isContext: from.isContext });
  } catch (error) {
    throw error instanceof ApiError ? createMissingError(engine, path) : error;
  }
}

/** BuildKit names the reference of its cache, which no client can know. */
function createMissingError({ random }: Engine, path: string): SolveError {
  const reference = `${random.drawId("build reference").slice(0, 25)}::${random.drawId("build reference").slice(0, 25)}`;
  const missing = `${JSON.stringify(path.startsWith("/") ? path : `/${path}`)}: not found`;
  return new SolveError(`failed to compute cache key: failed to calculate checksum of ref ${reference}: ${missing}`);
}

function downloadSource({ pages }: Engine, url: string, command: string): CopySource {
  if (command !== "ADD") throw new SolveError(`source can't be a URL for ${command}`);
  return {
    name: toBaseName(new URL(url).pathname),
    node: createFileNode(getPage(pages, url), 0, 0o600),
    isRemote: true,
  };
}

/** The content of a heredoc has no quotes: they stay. */
function replaceText(text: string, variables: DockerfileVariables): string {
  return text.replace(
    /\\(\$)|\$(?:\{(\w+)\}|([A-Za-z_]\w*))/g,
    (_, escaped?: string, braced?: string, plain?: string) => escaped ?? variables.get(braced ?? plain ?? "") ?? "",
  );
}

function parseMode(text: string): number | undefined {
  if (text === "") return undefined;
  if (/^0?o?[0-7]{3,4}$/.test(text)) return Number.parseInt(text.replace(/^0?o/, ""), 8);
  throw createUnsupportedError(`--chmod=${text}`, "octal modes");
}

function withMode(node: TreeNode, mode: number): TreeNode {
  if (node.kind === "link") return node;
  if (node.kind !== "directory") return { ...node, mode };
  const children = [...node.children].map(([name, child]) => [name, withMode(child, mode)] as const);
  return { ...node, mode, children: new Map(children) };
}
