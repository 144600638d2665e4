/** Reads folders of the client, as steps of a build. */
import type { DirectoryNode } from "../../../userland/files/node.ts";
import { splitPath } from "../../../userland/files/path.ts";
import { findNode } from "../../../userland/files/tree.ts";
import type { FetchNode } from "./build-node.ts";
import { type FileSelection, receiveFiles } from "./session/receive-files.ts";
import { type SolveScope, waitForSession } from "./solve-scope.ts";
import { toVertexDigest } from "./vertex-name.ts";

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
  const vertex = { digest: toFolderDigest(session, load), name: load.name, inputs: [] };
  return builder.sharedSteps.run(progress, vertex, async (running) => {
    const client = await waitForSession(scope, session);
    const finish = running.beginTask(load.task, "transferring");
    const { root, size } = await receiveFiles(client, load.selection);
    finish(size);
    return root;
  });
}

/** The digest of the step that reads a folder. */
export function toFolderDigest(session: string, load: FolderLoad): string {
  return toVertexDigest(session, load);
}

/** A folder of the client as a source of files. */
export function createFolderNode(scope: SolveScope, session: string, load: FolderLoad): FetchNode {
  const fetch = (): Promise<DirectoryNode> => loadFolder(scope, session, load);
  return { kind: "fetch", digest: toFolderDigest(session, load), name: load.name, inputs: [], fetch };
}

export const IGNORE_FILE = ".dockerignore";

/** The patterns of a folder's `.dockerignore`; none without one. */
export async function loadIgnoreFile(
  scope: SolveScope,
  session: string,
  { folder, name, task }: { readonly folder: string; readonly name: string; readonly task: string },
): Promise<readonly string[]> {
  const root = await loadFolder(scope, session, {
    selection: { folder, paths: [IGNORE_FILE], excluded: [] },
    name,
    task,
  });
  const node = findNode(root, [IGNORE_FILE]);
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
