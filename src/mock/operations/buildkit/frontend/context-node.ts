/** The client's folder as a source of files: what COPY, ADD and mounts name of it, or all. */
import type { DirectoryNode } from "../../../../userland/files/node.ts";
import { splitPath } from "../../../../userland/files/path.ts";
import { toHeredocName } from "../../dockerfile/heredoc.ts";
import type { DockerfileInstruction } from "../../dockerfile/instruction.ts";
import type { BuildNode } from "../build-node.ts";
import { createFolderNode } from "../load-folder.ts";
import { toUploadDigest } from "../load-upload.ts";
import { listMountFields } from "../run-mount.ts";
import type { SolveScope } from "../solve-scope.ts";
import type { DockerfilePlan } from "../stage-plan.ts";

interface ContextParts {
  /** The context that came as a tar. */
  readonly uploaded: DirectoryNode | undefined;
  /** The patterns of .dockerignore. */
  readonly excluded: readonly string[];
}

export function createContextNode(
  scope: SolveScope,
  plan: DockerfilePlan,
  { uploaded, excluded }: ContextParts,
): BuildNode {
  const { contextSession, contextUrl } = scope.options;
  if (uploaded !== undefined && contextUrl !== undefined) {
    const result = { root: uploaded, layers: [], created: 0n, cacheKey: "" };
    return { kind: "files", digest: toUploadDigest(contextUrl), name: "", inputs: [], result };
  }
  return createFolderNode(scope, contextSession, {
    selection: { folder: "context", paths: listContextPaths(plan), excluded },
    name: "[internal] load build context",
    task: "transferring context:",
  });
}

/** Empty for all. A word with a variable or a pattern may mean any file. */
function listContextPaths({ needed }: DockerfilePlan): readonly string[] {
  const words = needed.flatMap(({ stage }) => stage.instructions.flatMap(listContextWords));
  const paths = words.map((word) => splitPath(word).join("/"));
  const isAll = paths.some((path) => path === "" || /[$*?[\]"'\\]/.test(path));
  return isAll ? [] : [...new Set(paths)].sort();
}

/** The paths of the context that an instruction reads, as they are written. */
function listContextWords({ name, flags, args }: DockerfileInstruction): readonly string[] {
  if (name === "run") {
    const binds = listMountFields(flags.get("mount") ?? "").filter(
      (fields) => (fields.get("type") ?? "bind") === "bind" && !fields.has("from"),
    );
    return binds.map((fields) => fields.get("source") ?? "");
  }
  if ((name !== "copy" && name !== "add") || flags.has("from")) return [];
  const isFile = (word: string): boolean => !/^(?:https?|ftp):\/\//.test(word) && toHeredocName(word) === undefined;
  return args.slice(0, -1).filter(isFile);
}
