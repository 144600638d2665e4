import { ApiError, conflict } from "../../../model/api-error.ts";
import { familiarText, type Reference, taggedReference, withLatest } from "../../../model/reference.ts";
import type { Engine } from "../../../operations/engine.ts";
import { tagImage } from "../../../operations/images/tag.ts";
import type { ApiRequest } from "../../http/request.ts";
import { emptyResponse } from "../../http/response.ts";
import type { Endpoint } from "../endpoint.ts";

export const imageTag: Endpoint = {
  operation: "ImageTag",
  respond: (request, engine) => {
    const image = engine.images.find(request.name);
    const reference = readNewName(request);
    checkIsFree(request, engine, reference, image.id);
    tagImage(engine, image.id, reference);
    return emptyResponse(201);
  },
};

/** The document of 1.9 answers 400 for an invalid name. */
function readNewName({ api, query }: ApiRequest): Reference {
  const [repo, tag] = [query.get("repo"), query.get("tag")];
  return api.isBygone ? taggedReference(repo, tag) : parseNewName(repo, tag);
}

/** moby answers 500 for an invalid name. @throws ApiError 500 */
export function parseNewName(repo: string, tag: string): Reference {
  try {
    return taggedReference(repo, tag);
  } catch (error) {
    throw error instanceof ApiError ? new ApiError(500, error.message) : error;
  }
}

/** The documents answer 409 if another image has the name. From 1.12 on the name moves to the new image. */
function checkIsFree(request: ApiRequest, { images }: Engine, reference: Reference, id: string): void {
  const owner = images.lookUp(familiarText(withLatest(reference)));
  const isForced = request.getFlag("force");
  if (!request.api.isBygone || isForced || owner === undefined || owner.id === id) return;
  const what = `Tag ${familiarText(withLatest(reference))} is already set to image ${owner.id.slice(7)}`;
  throw conflict(`Conflict: ${what}, if you want to replace it, please use -f option`);
}
