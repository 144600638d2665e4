/** The client's folder as a source of files: what COPY, ADD and mounts name of it, or all. */
import type { DirectoryNode } from "../../../../userland/files/node.ts";
import type { DockerfileInstruction } from "../../dockerfile/instruction.ts";
import type { BuildNode } from "../build-node.ts";
import { loadFolder } from "../load-folder.ts";
import { listMountFields } from "../run-mount.ts";
import type { SolveScope } from "../solve-scope.ts";
import type { DockerfilePlan } from "../stage-plan.ts";
import { toVertexDigest } from "../vertex-name.ts";

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
  if (uploaded !== undefined) {
    const digest = toVertexDigest("unpack", toVertexDigest("upload", contextUrl?.href));
    const result = { root: uploaded, layers: [], created: 0n, cacheKey: "" };
    return { kind: "files", digest, name: "", inputs: [], result };
  }
  const load = {
    selection: { folder: "context", paths: listContextPaths(plan), excluded },
    name: "[internal] load build context",
    task: "transferring context:",
  };
  const digest = toVertexDigest(contextSession, load);
  return { kind: "fetch", digest, name: load.name, inputs: [], fetch: () => loadFolder(scope, contextSession, load) };
}

/** Empty for all. A word with a variable or a pattern may mean any file. */
function listContextPaths({ needed }: DockerfilePlan): readonly string[] {
  const words = needed.flatMap(({ stage }) => stage.instructions.flatMap(listContextWords));
  const paths = words.map((word) => word.replace(/^\/+|\/+$/g, "").replace(/^(?:\.\/)+/, ""));
  const isAll = paths.some((path) => path === "" || path === "." || /[$*?[\]"'\\]/.test(path));
  return isAll ? [] : [...new Set(paths)].sort();
}

/** The paths of the context that an instruction reads, as they are written. */
function listContextWords({ name, flags, args, heredocs }: DockerfileInstruction): readonly string[] {
  if (name === "run") {
    const binds = listMountFields(flags.get("mount") ?? "").filter(
      (fields) => (fields.get("type") ?? "bind") === "bind" && !fields.has("from"),
    );
    return binds.map((fields) => fields.get("source") ?? "");
  }
  if ((name !== "copy" && name !== "add") || flags.has("from")) return [];
  const marks = new Set(heredocs.map((heredoc) => heredoc.name));
  const isFile = (word: string): boolean =>
    !/^(?:https?|ftp):\/\//.test(word) && !marks.has(word.replace(/^<<-?["']?|["']$/g, ""));
  return args.slice(0, -1).filter(isFile);
}
