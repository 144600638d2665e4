/** The text of a heredoc as a file of its own. */
import type { DirectoryNode } from "../../../../userland/files/node.ts";
import { formatFingerprint } from "../../builder/copy-sources.ts";
import type { StepNode } from "../build-node.ts";
import { toVertexDigest } from "../vertex-name.ts";

export function createInlineNode(root: DirectoryNode): StepNode {
  const digest = toVertexDigest("inline", formatFingerprint([{ name: "", node: root }]));
  return {
    kind: "step",
    digest,
    name: "[internal] preparing inline document",
    inputs: [],
    instruction: undefined,
    usesCache: false,
    toKey: () => digest,
    work: async () => root,
  };
}
