/** The first half of a build: reads the Dockerfile and .dockerignore, and finds the images that it begins from. */
import type { DirectoryNode } from "../../../userland/files/node.ts";
import { splitPath } from "../../../userland/files/path.ts";
import { findNode } from "../../../userland/files/tree.ts";
import { isOlderEngine } from "../../model/engine-release.ts";
import { parseDockerfile } from "../dockerfile/dockerfile.ts";
import { createContextNode } from "./frontend/context-node.ts";
import { dispatchStage } from "./frontend/dispatch-stage.ts";
import type { FrontendScope } from "./frontend/frontend-scope.ts";
import { loadNamedContexts } from "./frontend/named-contexts.ts";
import type { StageDraft } from "./frontend/stage-draft.ts";
import { lintGaps, lintLine, lintStages } from "./lint/lint-stages.ts";
import { Linter, type LintWarning, readLintSettings } from "./lint/linter.ts";
import {
  type FolderLoad,
  IGNORE_FILE,
  loadFolder,
  loadIgnoreFile,
  parseIgnorePatterns,
  toFolderDigest,
} from "./load-folder.ts";
import { type BaseImage, loadMetadata } from "./load-image.ts";
import { loadUpload, toUploadDigest } from "./load-upload.ts";
import { settleAll } from "./settle-all.ts";
import { type DockerfileText, SolveError, withInstruction } from "./solve-error.ts";
import { checkSyntax } from "./solve-options.ts";
import type { SolveScope } from "./solve-scope.ts";
import { type DockerfilePlan, listNeededImages, planDockerfile } from "./stage-plan.ts";
import { formatImageName } from "./vertex-name.ts";

/** A build that is read, and waits for its steps to run. */
export interface BuildDefinition {
  readonly target: StageDraft;
}

/** Called while the definition is read. */
export interface DefinitionWatcher {
  /** The Dockerfile is there. @param vertex the digest of the step that read it */
  readonly onFile: (file: DockerfileText, vertex: string) => void;
  readonly onWarning: (warning: LintWarning) => void;
}

/** @throws SolveError, with the lines of the Dockerfile where it is to blame */
export async function loadDefinition(scope: SolveScope, watcher: DefinitionWatcher): Promise<BuildDefinition> {
  const { options, engine } = scope;
  const { filename, contextUrl } = options;
  const uploaded = await loadUpload(scope);
  const folder = uploaded ?? (await loadDockerfileFolder(scope));
  const text = readDockerfile(folder, filename);
  watcher.onFile({ filename, text }, contextUrl === undefined ? toDockerfileDigest(scope) : toUploadDigest(contextUrl));
  checkSyntax(text, options.args);
  const linter = createLinter(scope, text, watcher);
  const plan = planText(text, scope, linter);
  const isOld = isOlderEngine(engine.release, "28");
  const early = isOld ? await loadIgnored(scope, folder, uploaded) : undefined;
  const images = await loadImages(scope, plan);
  const namedContexts = await loadNamedContexts(scope, plan);
  const excluded = early ?? (await loadIgnored(scope, folder, uploaded));
  const context = createContextNode(scope, plan, { uploaded, excluded });
  const frontend = { ...scope, plan, linter, images, excluded, context, namedContexts, drafts: new Map() };
  const target = dispatchStages(frontend);
  linter.check();
  return { target };
}

/** BuildKit of Engine 20.10 has no rules. */
function createLinter({ engine, options }: SolveScope, text: string, { onWarning }: DefinitionWatcher): Linter {
  if (isOlderEngine(engine.release, "28")) return new Linter(readLintSettings("skip=all", text), onWarning);
  return new Linter(readLintSettings(options.args.BUILDKIT_DOCKERFILE_CHECK, text), onWarning);
}

/** Stages in their order, as far as the target needs them. */
function dispatchStages(scope: FrontendScope): StageDraft {
  const { plan, drafts } = scope;
  const needed = new Set(plan.needed);
  for (const stage of plan.stages.filter((one) => needed.has(one)))
    drafts.set(stage.index, dispatchStage(scope, stage));
  return drafts.get(plan.target.index) as StageDraft;
}

function loadDockerfileFolder(scope: SolveScope): Promise<DirectoryNode> {
  return loadFolder(scope, scope.options.dockerfileSession, describeDockerfileLoad(scope));
}

function toDockerfileDigest(scope: SolveScope): string {
  return toFolderDigest(scope.options.dockerfileSession, describeDockerfileLoad(scope));
}

function describeDockerfileLoad({ options: { filename } }: SolveScope): FolderLoad {
  const names = [filename, `${filename}${IGNORE_FILE}`, ...(filename === "Dockerfile" ? ["dockerfile"] : [])];
  return {
    selection: { folder: "dockerfile", paths: names, excluded: [] },
    name: `[internal] load build definition from ${filename}`,
    task: "transferring dockerfile:",
  };
}

function readDockerfile(folder: DirectoryNode, filename: string): string {
  const names = filename === "Dockerfile" ? [filename, "dockerfile"] : [filename];
  const node = names.map((name) => findNode(folder, splitPath(name))).find((found) => found?.kind === "file");
  if (node?.kind === "file") return node.content.toString("utf8");
  throw new SolveError(`failed to read dockerfile: open ${filename}: no such file or directory`);
}

function planText(text: string, { options, engine }: SolveScope, linter: Linter): DockerfilePlan {
  if (text === "") throw new SolveError("the Dockerfile cannot be empty");
  const dockerfile = parseDockerfile(text, "buildkit", {
    onLines: (lines) => lintGaps(linter, lines),
    onLine: (line) => lintLine(linter, line),
  });
  lintStages(linter, dockerfile);
  return planDockerfile(dockerfile, options, engine.release, linter);
}

/** `Dockerfile.dockerignore` comes before `.dockerignore`. A tar has what its sender wanted it to have. */
async function loadIgnored(
  scope: SolveScope,
  folder: DirectoryNode,
  uploaded: DirectoryNode | undefined,
): Promise<readonly string[]> {
  if (uploaded !== undefined) return [];
  const { filename, contextSession } = scope.options;
  const own = findNode(folder, splitPath(`${filename}${IGNORE_FILE}`));
  if (own?.kind === "file") return parseIgnorePatterns(own.content.toString("utf8"));
  return loadIgnoreFile(scope, contextSession, {
    folder: "context",
    name: `[internal] load ${IGNORE_FILE}`,
    task: "transferring context:",
  });
}

async function loadImages(scope: SolveScope, plan: DockerfilePlan): Promise<ReadonlyMap<string, BaseImage>> {
  const needed = new Map(listNeededImages(plan, scope.options).map((one) => [formatImageName(one.reference), one]));
  const loads = [...needed].map(async ([name, { reference, instruction }]): Promise<[string, BaseImage]> => {
    const load = loadMetadata(scope, reference, `[internal] load metadata for ${name}`);
    return [name, await load.catch((error: unknown) => Promise.reject(withInstruction(error, instruction)))];
  });
  return new Map(await settleAll(loads));
}
