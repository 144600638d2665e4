/** A web page that ADD downloads. */
import { createDirectoryNode, createFileNode, type DirectoryNode } from "../../../../userland/files/node.ts";
import { withNode } from "../../../../userland/files/tree.ts";
import { ApiError } from "../../../model/api-error.ts";
import { getPage } from "../../../runtime/web-pages.ts";
import type { FetchNode } from "../build-node.ts";
import { SolveError } from "../solve-error.ts";
import { toVertexDigest } from "../vertex-name.ts";
import type { FrontendScope } from "./frontend-scope.ts";

/** @param file the name that the page gets; @param name of the vertex, which is that of its instruction's step */
export function createPageNode(scope: FrontendScope, url: string, file: string, name: string): FetchNode {
  const vertex = { digest: toVertexDigest("page", url), name, inputs: [] };
  const fetch = async (): Promise<DirectoryNode> => downloadPage(scope, url, file);
  return { kind: "fetch", ...vertex, fetch: () => scope.builder.sharedSteps.run(scope.progress, vertex, fetch) };
}

function downloadPage({ engine }: FrontendScope, url: string, file: string): DirectoryNode {
  try {
    return withNode(createDirectoryNode(0), [file], createFileNode(getPage(engine.pages, url), 0, 0o600));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new SolveError(error.message, { prefix: "failed to load cache key: " });
  }
}
