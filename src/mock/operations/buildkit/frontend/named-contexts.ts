/** `--build-context`: images and folders of the client that stand for names (buildkit frontend/dockerui/namedcontext.go). */
import { findNode } from "../../../../userland/files/tree.ts";
import { parseReference, withLatest } from "../../../model/image-reference.ts";
import { type BuildNode, createImageNode, type FetchNode } from "../build-node.ts";
import { loadFolder, parseIgnorePatterns } from "../load-folder.ts";
import { loadMetadata } from "../load-image.ts";
import type { SolveScope } from "../solve-scope.ts";
import { type DockerfilePlan, listContextNames } from "../stage-plan.ts";
import { toVertexDigest } from "../vertex-name.ts";
import { createImageDraft, SCRATCH_DRAFT, type StageDraft } from "./stage-draft.ts";

const IGNORE = ".dockerignore";

/** By name, those that the needed stages refer to. @throws SolveError for an image that is nowhere */
export async function loadNamedContexts(
  scope: SolveScope,
  plan: DockerfilePlan,
): Promise<ReadonlyMap<string, StageDraft>> {
  const names = [...new Set(listContextNames(plan, scope.options))];
  const contexts = names.map(
    async (name): Promise<[string, StageDraft]> => [name, await loadNamedContext(scope, name)],
  );
  return new Map(await Promise.all(contexts));
}

async function loadNamedContext(scope: SolveScope, name: string): Promise<StageDraft> {
  const { namedImages, namedFolders } = scope.options;
  const image = namedImages[name];
  if (image === undefined)
    return { ...SCRATCH_DRAFT, node: await createFolderNode(scope, name, namedFolders[name] ?? "") };
  const reference = withLatest(parseReference(image));
  const base = await loadMetadata(scope, reference, `[context ${name}] load metadata for ${image}`);
  const node = createImageNode(base.image, base.name, `[context ${name}] ${image}`, "");
  return createImageDraft(base.image, node);
}

/** @param folder as the client calls it */
async function createFolderNode(scope: SolveScope, name: string, folder: string): Promise<BuildNode> {
  const { session } = scope.options;
  const task = `transferring ${name}:`;
  const ignored = await loadFolder(scope, session, {
    selection: { folder, paths: [IGNORE], excluded: [] },
    name: `[context ${name}] load ${IGNORE}`,
    task,
  });
  const node = findNode(ignored, [IGNORE]);
  const excluded = node?.kind === "file" ? parseIgnorePatterns(node.content.toString("utf8")) : [];
  const load = { selection: { folder, paths: [], excluded }, name: `[context ${name}] load from client`, task };
  const files: FetchNode = {
    kind: "fetch",
    digest: toVertexDigest(session, load),
    name: load.name,
    inputs: [],
    fetch: () => loadFolder(scope, session, load),
  };
  return files;
}
