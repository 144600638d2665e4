/** Finds the images that a build begins from: the daemon's own, or a registry's. */
import { ApiError } from "../../model/api-error.ts";
import type { Image } from "../../model/image.ts";
import { type ImageReference, toFamiliarText } from "../../model/image-reference.ts";
import { fetchCredentials } from "./session/fetch-credentials.ts";
import { SolveError } from "./solve-error.ts";
import { type SolveScope, waitForSession } from "./solve-scope.ts";
import { formatImageName, toVertexDigest } from "./vertex-name.ts";

export interface BaseImage {
  readonly image: Image;
  /** As its vertex is called. */
  readonly name: string;
}

/** Finds an image as a step of the build. @param name of its vertex. @throws SolveError for an image that is nowhere */
export function loadMetadata(scope: SolveScope, reference: ImageReference, name: string): Promise<BaseImage> {
  const { builder, progress, options } = scope;
  const full = formatImageName(reference);
  const vertex = { digest: toVertexDigest("metadata", full, options.pulls), name, inputs: [] };
  return builder.sharedSteps.run(progress, vertex, () => findImage(scope, reference, full));
}

async function findImage(scope: SolveScope, reference: ImageReference, full: string): Promise<BaseImage> {
  const { engine, options } = scope;
  const local = options.pulls ? undefined : engine.images.lookUp(toFamiliarText(reference));
  if (local !== undefined) return { image: local, name: full };
  try {
    const client = await waitForSession(scope, options.session);
    const { image, manifest } = await engine.registry.find(reference, await fetchCredentials(client, reference.domain));
    return { image, name: reference.digest === undefined ? `${full}@${manifest.digest}` : full };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const prefix = `${toFamiliarText(reference)}: failed to resolve source metadata for ${full}: `;
    const isMissing = /manifest unknown/.test(error.message);
    throw new SolveError(isMissing ? `${full}: not found` : error.message, { prefix });
  }
}
