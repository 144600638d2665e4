/** `--build-context`: images and folders of the client that stand for names (buildkit frontend/dockerui/namedcontext.go). */
import { parseReference, withLatest } from "../../../model/image-reference.ts";
import { type BuildNode, createImageNode } from "../build-node.ts";
import { createFolderNode, IGNORE_FILE, loadIgnoreFile } from "../load-folder.ts";
import { loadMetadata } from "../load-image.ts";
import { settleAll } from "../settle-all.ts";
import type { SolveScope } from "../solve-scope.ts";
import { type DockerfilePlan, listContextNames } from "../stage-plan.ts";
import { createImageDraft, SCRATCH_DRAFT, type StageDraft } from "./stage-draft.ts";

/** By name, those that the needed stages refer to. @throws SolveError for an image that is nowhere */
export async function loadNamedContexts(
  scope: SolveScope,
  plan: DockerfilePlan,
): Promise<ReadonlyMap<string, StageDraft>> {
  const names = [...new Set(listContextNames(plan, scope.options))];
  const contexts = names.map(
    async (name): Promise<[string, StageDraft]> => [name, await loadNamedContext(scope, name)],
  );
  return new Map(await settleAll(contexts));
}

async function loadNamedContext(scope: SolveScope, name: string): Promise<StageDraft> {
  const { namedImages, namedFolders } = scope.options;
  const image = namedImages[name];
  if (image === undefined)
    return { ...SCRATCH_DRAFT, node: await loadClientFolder(scope, name, namedFolders[name] ?? "") };
  const reference = withLatest(parseReference(image));
  const base = await loadMetadata(scope, reference, `[context ${name}] load metadata for ${image}`);
  const node = createImageNode(base.image, base.name, `[context ${name}] ${image}`, "");
  return createImageDraft(base.image, node);
}

/** @param folder as the client calls it */
async function loadClientFolder(scope: SolveScope, name: string, folder: string): Promise<BuildNode> {
  const { session } = scope.options;
  const task = `transferring ${name}:`;
  const excluded = await loadIgnoreFile(scope, session, {
    folder,
    name: `[context ${name}] load ${IGNORE_FILE}`,
    task,
  });
  const selection = { folder, paths: [], excluded };
  return createFolderNode(scope, session, { selection, name: `[context ${name}] load from client`, task });
}
