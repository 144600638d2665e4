import { ApiError, conflictError } from "../../../model/api-error.ts";
import { isOlderEngine } from "../../../model/engine-release.ts";
import {
  type ImageReference,
  parseTaggedReference,
  toFamiliarText,
  withLatest,
} from "../../../model/image-reference.ts";
import type { Engine } from "../../../operations/engine.ts";
import { tagImage } from "../../../operations/images/tag.ts";
import type { ApiRequest } from "../../http/request.ts";
import { emptyResponse } from "../../http/response.ts";
import type { Endpoint } from "../endpoint.ts";

export const imageTag: Endpoint = {
  operation: "ImageTag",
  respond: (request, engine) => {
    const isNothing = request.query.get("repo") === "" && !isOlderEngine(request.release, "28");
    // dockerd 28 takes a missing name for an error without a message, which becomes an empty response.
    if (isNothing) return emptyResponse(200);
    const image = engine.images.find(request.name);
    const reference = readNewName(request);
    checkIsFree(request, engine, reference, image.id);
    tagImage(engine, image.id, reference);
    return emptyResponse(201);
  },
};

/** The document of 1.9 answers 400 for an invalid name. */
function readNewName({ api, query }: ApiRequest): ImageReference {
  const [repo, tag] = [query.get("repo"), query.get("tag")];
  return api.isLegacy ? parseTaggedReference(repo, tag) : parseNewName(repo, tag);
}

/** moby answers 500 for an invalid name. @throws ApiError 500 */
export function parseNewName(repo: string, tag: string): ImageReference {
  try {
    return parseTaggedReference(repo, tag);
  } catch (error) {
    throw error instanceof ApiError ? new ApiError(500, error.message) : error;
  }
}

/** The documents answer 409 if another image has the name. From 1.12 on the name moves to the new image. */
function checkIsFree(request: ApiRequest, { images }: Engine, reference: ImageReference, id: string): void {
  const owner = images.lookUp(toFamiliarText(withLatest(reference)));
  const isForced = request.getFlag("force");
  if (!request.api.isLegacy || isForced || owner === undefined || owner.id === id) return;
  const what = `Tag ${toFamiliarText(withLatest(reference))} is already set to image ${owner.id.slice(7)}`;
  throw conflictError(`Conflict: ${what}, if you want to replace it, please use -f option`);
}
