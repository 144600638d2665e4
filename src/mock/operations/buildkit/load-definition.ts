/** The first half of a build: reads the Dockerfile and .dockerignore, and finds the images that it begins from. */
import type { DirectoryNode } from "../../../userland/files/node.ts";
import { splitPath } from "../../../userland/files/path.ts";
import { findNode } from "../../../userland/files/tree.ts";
import { ApiError } from "../../model/api-error.ts";
import { isOlderEngine } from "../../model/engine-release.ts";
import type { Image } from "../../model/image.ts";
import { type ImageReference, toFamiliarText } from "../../model/image-reference.ts";
import { unpackTree } from "../builder/build-context.ts";
import { type Dockerfile, parseDockerfile } from "../dockerfile/dockerfile.ts";
import type { DockerfileInstruction } from "../dockerfile/instruction.ts";
import { fetchCredentials } from "./session/fetch-credentials.ts";
import { type FileSelection, receiveFiles, receiveUpload } from "./session/receive-files.ts";
import { type DockerfileExcerpt, SolveError, withSource } from "./solve-error.ts";
import { checkSyntax } from "./solve-options.ts";
import { type SolveScope, waitForSession } from "./solve-scope.ts";
import { checkInstruction, type DockerfilePlan, listNeededImages, planDockerfile } from "./stage-plan.ts";
import { formatImageName, toVertexDigest } from "./vertex-name.ts";

export interface BuildDefinition {
  readonly plan: DockerfilePlan;
  readonly filename: string;
  readonly text: string;
  /** The patterns of .dockerignore. */
  readonly excluded: readonly string[];
  /** The context that came as a tar. */
  readonly uploaded: DirectoryNode | undefined;
  /** The images that stages begin from, by the names that `formatImageName` gives. */
  readonly images: ReadonlyMap<string, BaseImage>;
}

export interface BaseImage {
  readonly image: Image;
  /** As its vertex is called. */
  readonly name: string;
}

const IGNORE = ".dockerignore";

/** @throws SolveError, with the lines of the Dockerfile where it is to blame */
export async function loadDefinition(scope: SolveScope): Promise<BuildDefinition> {
  const { options, engine } = scope;
  const { filename } = options;
  const uploaded = await loadUpload(scope);
  const folder = uploaded ?? (await loadDockerfileFolder(scope));
  const text = readDockerfile(folder, filename);
  checkSyntax(text);
  const plan = planText(text, scope);
  if (isOlderEngine(engine.release, "28")) {
    const excluded = await loadIgnored(scope, folder, uploaded);
    return { plan, filename, text, uploaded, excluded, images: await loadImages(scope, plan, text) };
  }
  const images = await loadImages(scope, plan, text);
  return { plan, filename, text, uploaded, images, excluded: await loadIgnored(scope, folder, uploaded) };
}

/** The lines of an instruction. */
export function toExcerpt(
  { filename, text }: Pick<BuildDefinition, "filename" | "text">,
  { line, lastLine }: Pick<DockerfileInstruction, "line" | "lastLine">,
): DockerfileExcerpt {
  return { filename, text, first: line, last: lastLine };
}

async function loadUpload(scope: SolveScope): Promise<DirectoryNode | undefined> {
  const { builder, options, progress } = scope;
  const { contextUrl } = options;
  if (contextUrl === undefined) return undefined;
  const remote = {
    digest: toVertexDigest("upload", contextUrl.href),
    name: "[internal] load remote build context",
    inputs: [],
  };
  const bytes = await builder.sharedSteps.run(progress, remote, async () =>
    contextUrl.host === "upload-request"
      ? builder.uploads.take(contextUrl.pathname.slice(1))
      : receiveUpload(await waitForSession(scope, options.session), contextUrl),
  );
  const copy = { digest: toVertexDigest("unpack", remote.digest), name: "copy /context /", inputs: [remote.digest] };
  return builder.sharedSteps.run(progress, copy, () => unpackTree(bytes));
}

function loadDockerfileFolder(scope: SolveScope): Promise<DirectoryNode> {
  const { filename, dockerfileSession } = scope.options;
  const names = [filename, `${filename}${IGNORE}`, ...(filename === "Dockerfile" ? ["dockerfile"] : [])];
  return loadFolder(scope, dockerfileSession, {
    selection: { folder: "dockerfile", paths: names, excluded: [] },
    name: `[internal] load build definition from ${filename}`,
    task: "transferring dockerfile:",
  });
}

export interface FolderLoad {
  readonly selection: FileSelection;
  /** Of the vertex. */
  readonly name: string;
  /** What it says of the transfer. */
  readonly task: string;
}

/** Reads a folder of the client as a step of the build. @throws SolveError if the client refuses */
export function loadFolder(scope: SolveScope, session: string, load: FolderLoad): Promise<DirectoryNode> {
  const { builder, progress } = scope;
  const vertex = { digest: toVertexDigest(session, load), name: load.name, inputs: [] };
  return builder.sharedSteps.run(progress, vertex, async (running) => {
    const client = await waitForSession(scope, session);
    const finish = running.beginTask(load.task, "transferring");
    const { root, size } = await receiveFiles(client, load.selection);
    finish(size);
    return root;
  });
}

function readDockerfile(folder: DirectoryNode, filename: string): string {
  const names = filename === "Dockerfile" ? [filename, "dockerfile"] : [filename];
  const node = names.map((name) => findNode(folder, splitPath(name))).find((found) => found?.kind === "file");
  if (node?.kind === "file") return node.content.toString("utf8");
  throw new SolveError(`failed to read dockerfile: open ${filename}: no such file or directory`);
}

function planText(text: string, { options, engine }: SolveScope): DockerfilePlan {
  const dockerfile = parseText(text, options.filename);
  const plan = planDockerfile(dockerfile, options, engine.release);
  for (const instruction of plan.needed.flatMap(({ stage }) => stage.instructions)) {
    try {
      checkInstruction(instruction);
    } catch (error) {
      throw withSource(error, toExcerpt({ filename: options.filename, text }, instruction));
    }
  }
  return plan;
}

function parseText(text: string, filename: string): Dockerfile {
  if (text.trim() === "") throw new SolveError("the Dockerfile cannot be empty");
  try {
    return parseDockerfile(text, "buildkit");
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const [, line, why] = /^dockerfile parse error line (\d+): (.*)$/s.exec(error.message) ?? [];
    if (line === undefined) throw new SolveError(error.message);
    const source = { filename, text, first: Number(line), last: Number(line) };
    throw new SolveError(`dockerfile parse error on line ${line}: ${why}`, { source });
  }
}

/** `Dockerfile.dockerignore` comes before `.dockerignore`. A tar has what its sender wanted it to have. */
async function loadIgnored(
  scope: SolveScope,
  folder: DirectoryNode,
  uploaded: DirectoryNode | undefined,
): Promise<readonly string[]> {
  if (uploaded !== undefined) return [];
  const { filename, contextSession } = scope.options;
  const own = findNode(folder, splitPath(`${filename}${IGNORE}`));
  if (own?.kind === "file") return parseIgnorePatterns(own.content.toString("utf8"));
  const root = await loadFolder(scope, contextSession, {
    selection: { folder: "context", paths: [IGNORE], excluded: [] },
    name: `[internal] load ${IGNORE}`,
    task: "transferring context:",
  });
  const node = findNode(root, [IGNORE]);
  return node?.kind === "file" ? parseIgnorePatterns(node.content.toString("utf8")) : [];
}

/** From moby/patternmatcher ignorefile: comments and blanks go, paths are cleaned and relative. */
export function parseIgnorePatterns(text: string): readonly string[] {
  const lines = text
    .replace(/^\ufeff/, "")
    .split("\n")
    .filter((line) => !line.startsWith("#"));
  return lines.flatMap((line) => {
    const pattern = line.trim();
    if (pattern === "") return [];
    const isNegated = pattern.startsWith("!");
    const path = splitPath(isNegated ? pattern.slice(1).trim() : pattern).join("/") || ".";
    return [isNegated ? `!${path}` : path];
  });
}

async function loadImages(
  scope: SolveScope,
  plan: DockerfilePlan,
  text: string,
): Promise<ReadonlyMap<string, BaseImage>> {
  const images = new Map<string, BaseImage>();
  for (const { reference, instruction } of listNeededImages(plan, scope.options)) {
    const name = formatImageName(reference);
    if (images.has(name)) continue;
    try {
      images.set(name, await loadImage(scope, reference));
    } catch (error) {
      throw withSource(error, toExcerpt({ filename: scope.options.filename, text }, instruction));
    }
  }
  return images;
}

function loadImage(scope: SolveScope, reference: ImageReference): Promise<BaseImage> {
  const { builder, progress, options } = scope;
  const full = formatImageName(reference);
  const digest = toVertexDigest("metadata", full, options.pulls);
  const vertex = { digest, name: `[internal] load metadata for ${full}`, inputs: [] };
  return builder.sharedSteps.run(progress, vertex, () => findImage(scope, reference, full));
}

async function findImage(scope: SolveScope, reference: ImageReference, full: string): Promise<BaseImage> {
  const { engine, options } = scope;
  const local = options.pulls ? undefined : engine.images.lookUp(toFamiliarText(reference));
  if (local !== undefined) return { image: local, name: full };
  try {
    const client = await waitForSession(scope, options.session);
    const { image, manifest } = await engine.registry.find(reference, await fetchCredentials(client, reference.domain));
    return { image, name: reference.digest === undefined ? `${full}@${manifest.digest}` : full };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const what = `${toFamiliarText(reference)}: failed to resolve source metadata for ${full}`;
    throw new SolveError(`${what}: ${error.message}`);
  }
}
