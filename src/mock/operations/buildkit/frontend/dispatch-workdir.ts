/** WORKDIR: a step that makes the folder, unless it is the root. */
import { Disk } from "../../../../userland/files/disk.ts";
import { resolvePath } from "../../../../userland/files/path.ts";
import type { ContainerConfig } from "../../../model/container-config.ts";
import type { NodeResult } from "../build-node.ts";
import type { FrontendScope } from "./frontend-scope.ts";
import type { StageDraft } from "./stage-draft.ts";
import type { StepParts } from "./step-parts.ts";

interface FolderStep {
  readonly config: ContainerConfig;
  /** Undefined for the root. */
  readonly step: StepParts | undefined;
}

export function createFolderStep({ engine }: FrontendScope, { config }: StageDraft, path: string): FolderStep {
  const folder = resolvePath(path, config.WorkingDir || "/");
  const changed = { ...config, WorkingDir: folder };
  if (folder === "/") return { config: changed, step: undefined };
  const work = async ([base]: readonly NodeResult[]): Promise<NodeResult["root"]> => {
    const rootRef = { root: (base as NodeResult).root };
    const disk = new Disk([{ at: "/", rootRef }], () => Number(engine.time.now() / 1_000_000n));
    if (disk.peek(folder) === undefined) disk.makeFolders(folder);
    return rootRef.root;
  };
  const step = { inputs: [], definition: [folder], toKey: () => folder, work, createdBy: `WORKDIR ${folder}` };
  return { config: changed, step };
}
