/** A context that the client has uploaded as a tar: its two steps, and the files in it. */
import type { DirectoryNode } from "../../../userland/files/node.ts";
import { unpackTree } from "../builder/build-context.ts";
import { receiveUpload } from "./session/receive-files.ts";
import { type SolveScope, waitForSession } from "./solve-scope.ts";
import { toVertexDigest } from "./vertex-name.ts";

/** Undefined where the context is a folder of the client. */
export async function loadUpload(scope: SolveScope): Promise<DirectoryNode | undefined> {
  const { builder, options, progress } = scope;
  const { contextUrl } = options;
  if (contextUrl === undefined) return undefined;
  const receive = { digest: toReceiveDigest(contextUrl), name: "[internal] load remote build context", inputs: [] };
  const bytes = await builder.sharedSteps.run(progress, receive, async () =>
    contextUrl.host === "upload-request"
      ? builder.uploads.take(contextUrl.pathname.slice(1))
      : receiveUpload(await waitForSession(scope, options.session), contextUrl),
  );
  const unpack = { digest: toUploadDigest(contextUrl), name: "copy /context /", inputs: [receive.digest] };
  return builder.sharedSteps.run(progress, unpack, () => unpackTree(bytes));
}

function toReceiveDigest(url: URL): string {
  return toVertexDigest("upload", url.href);
}

/** The digest of the step that has the files. */
export function toUploadDigest(url: URL): string {
  return toVertexDigest("unpack", toReceiveDigest(url));
}
