/** The second half of a build: what its stages share, and where their files come from. */
import type { DirectoryNode } from "../../../userland/files/node.ts";
import type { DockerfileInstruction } from "../dockerfile/instruction.ts";
import { type BuildDefinition, loadFolder } from "./load-definition.ts";
import { parseRunMounts } from "./run-mount.ts";
import type { SolveScope } from "./solve-scope.ts";
import { resolveCopySource } from "./stage-plan.ts";
import { EMPTY_STAGE, fromImage, getStageTree, type StageResult } from "./stage-result.ts";
import { formatImageName, toVertexDigest } from "./vertex-name.ts";

/** Files that a step reads, and what they are to the cache. */
export interface SourceTree {
  readonly root: DirectoryNode;
  readonly cacheKey: string;
  readonly digests: readonly string[];
  /** The files are the client's, and not another stage's. */
  readonly isContext: boolean;
}

export interface StageScope extends SolveScope {
  readonly definition: BuildDefinition;
  /** Builds a stage, once. */
  readonly buildStage: (index: number) => Promise<StageResult>;
  /** Reads the client's folder, once. */
  readonly loadContext: () => Promise<SourceTree>;
}

/** The files behind `--from`; those of the client where it is empty. */
export async function findSourceTree(scope: StageScope, from: string, stageIndex: number): Promise<SourceTree> {
  if (from === "") return scope.loadContext();
  const { definition, options } = scope;
  const earlier = definition.plan.dockerfile.stages.slice(0, stageIndex);
  const source = resolveCopySource(earlier, from, options);
  if (source.kind === "stage") return toSourceTree(await scope.buildStage(source.index));
  if (source.kind === "scratch") return toSourceTree(EMPTY_STAGE);
  return toSourceTree(await beginFromImage(scope, formatImageName(source.reference), ""));
}

function toSourceTree(result: StageResult): SourceTree {
  return { root: getStageTree(result), cacheKey: result.cacheKey, digests: result.digests, isContext: false };
}

/** The step `FROM` of an image. @param prefix of its name */
export async function beginFromImage(
  scope: StageScope,
  full: string,
  prefix: string,
  shown = "",
): Promise<StageResult> {
  const { definition, builder, progress } = scope;
  const base = definition.images.get(full);
  if (base === undefined) throw new Error(`no metadata of ${full} was loaded`);
  const digest = toVertexDigest("image", base.name);
  const vertex = { digest, name: `${prefix}FROM ${shown || base.name}`, inputs: [] };
  await builder.sharedSteps.run(progress, vertex, async (running) => {
    if (base.name !== full) running.beginTask(`resolve ${base.name}`)();
  });
  return fromImage(base.image, digest);
}

/** Reads the client's folder: what COPY and ADD name, or all of it. */
export async function loadContextTree(scope: SolveScope, definition: BuildDefinition): Promise<SourceTree> {
  const { uploaded, excluded } = definition;
  const { contextSession, contextUrl } = scope.options;
  if (uploaded !== undefined) {
    const digest = toVertexDigest("unpack", toVertexDigest("upload", contextUrl?.href));
    return { root: uploaded, cacheKey: "", digests: [digest], isContext: true };
  }
  const load = {
    selection: { folder: "context", paths: listContextPaths(definition), excluded },
    name: "[internal] load build context",
    task: "transferring context:",
  };
  const root = await loadFolder(scope, contextSession, load);
  return { root, cacheKey: "", digests: [toVertexDigest(contextSession, load)], isContext: true };
}

/** Whether any step reads the client's folder. */
export function usesContext({ plan }: BuildDefinition): boolean {
  return plan.needed.some(({ stage }) =>
    stage.instructions.some((instruction) => listContextWords(instruction).length > 0),
  );
}

/** Empty for all. A word with a variable or a pattern may mean any file. */
function listContextPaths({ plan }: BuildDefinition): readonly string[] {
  const words = plan.needed.flatMap(({ stage }) => stage.instructions.flatMap(listContextWords));
  const paths = words.map((word) => word.replace(/^\/+|\/+$/g, "").replace(/^(?:\.\/)+/, ""));
  const isAll = paths.some((path) => path === "" || path === "." || /[$*?[\]"'\\]/.test(path));
  return isAll ? [] : [...new Set(paths)].sort();
}

/** The paths of the context that an instruction reads, as they are written. */
function listContextWords({ name, flags, args, heredocs }: DockerfileInstruction): readonly string[] {
  if (name === "run") {
    const mounts = parseRunMounts(flags.get("mount") ?? "");
    return mounts.flatMap(({ type, from, source }) => (type === "bind" && from === "" ? [source] : []));
  }
  if ((name !== "copy" && name !== "add") || flags.has("from")) return [];
  const marks = new Set(heredocs.map((heredoc) => heredoc.name));
  const isFile = (word: string): boolean =>
    !/^(?:https?|ftp):\/\//.test(word) && !marks.has(word.replace(/^<<-?["']?|["']$/g, ""));
  return args.slice(0, -1).filter(isFile);
}
