/** Reads folders of the client, as steps of a build. */
import type { DirectoryNode } from "../../../userland/files/node.ts";
import { splitPath } from "../../../userland/files/path.ts";
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
  const vertex = { digest: toVertexDigest(session, load), name: load.name, inputs: [] };
  return builder.sharedSteps.run(progress, vertex, async (running) => {
    const client = await waitForSession(scope, session);
    const finish = running.beginTask(load.task, "transferring");
    const { root, size } = await receiveFiles(client, load.selection);
    finish(size);
    return root;
  });
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
