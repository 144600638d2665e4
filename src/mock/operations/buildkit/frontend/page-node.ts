/** A web page that ADD downloads. */
import { createDirectoryNode, createFileNode, type DirectoryNode } from "../../../../userland/files/node.ts";
import { withNode } from "../../../../userland/files/tree.ts";
import { ApiError } from "../../../model/api-error.ts";
import { getPage } from "../../../runtime/web-pages.ts";
import type { FetchNode } from "../build-node.ts";
import { SolveError } from "../solve-error.ts";
import { toVertexDigest } from "../vertex-name.ts";
import { compareChecksum } from "./checksum.ts";
import type { FrontendScope } from "./frontend-scope.ts";

export interface WebPage {
  readonly url: string;
  /** The name that its file gets. */
  readonly file: string;
  /** Empty for one that is not compared. */
  readonly checksum: string;
}

/** @param name of the vertex, which is that of its instruction's step */
export function createPageNode(scope: FrontendScope, page: WebPage, name: string): FetchNode {
  const vertex = { digest: toVertexDigest("page", page), name, inputs: [] };
  const fetch = async (): Promise<DirectoryNode> => downloadPage(scope, page);
  return { kind: "fetch", ...vertex, fetch: () => scope.builder.sharedSteps.run(scope.progress, vertex, fetch) };
}

function downloadPage(scope: FrontendScope, { url, file, checksum }: WebPage): DirectoryNode {
  const content = getPageOrFail(scope, url);
  compareChecksum(content, checksum);
  return withNode(createDirectoryNode(0), [file], createFileNode(content, 0, 0o600));
}

function getPageOrFail({ engine }: FrontendScope, url: string): Buffer {
  try {
    return getPage(engine.pages, url);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new SolveError(error.message, { prefix: "failed to load cache key: " });
  }
}
