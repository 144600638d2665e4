/** Where the files of COPY, ADD and mounts come from: the client, another stage, an image, or nothing. */
import { type BuildNode, createImageNode, type ImageNode, SCRATCH } from "../build-node.ts";
import { SolveError } from "../solve-error.ts";
import { resolveCopySource } from "../stage-plan.ts";
import { formatImageName } from "../vertex-name.ts";
import type { FrontendScope } from "./frontend-scope.ts";

/** @param from a stage, its number, or an image; empty for the client's folder. @throws SolveError for a later stage */
export function findSourceNode(scope: FrontendScope, from: string): BuildNode {
  if (from === "") return scope.context;
  const { plan, options, drafts, namedContexts } = scope;
  const source = resolveCopySource(plan.dockerfile.stages, from, options);
  switch (source.kind) {
    case "scratch":
      return SCRATCH;
    case "context":
      return namedContexts.get(source.name)?.node ?? SCRATCH;
    case "image":
      return createFromNode(scope, formatImageName(source.reference), "");
    case "stage": {
      const draft = drafts.get(source.index);
      if (draft !== undefined) return draft.node;
      throw new SolveError(
        `cannot copy from stage ${JSON.stringify(from)}, it needs to be defined before current stage`,
      );
    }
  }
}

/** @param full a name that `formatImageName` gives; @param prefix of the step's name */
export function createFromNode({ images }: FrontendScope, full: string, prefix: string, shown = ""): ImageNode {
  const base = images.get(full);
  if (base === undefined) throw new Error(`no metadata of ${full} was loaded`);
  const task = base.name === full ? "" : `resolve ${base.name}`;
  return createImageNode(base.image, base.name, `${prefix}FROM ${shown || base.name}`, task);
}
