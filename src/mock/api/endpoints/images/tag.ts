import { ApiError, conflict } from "../../../model/api-error.ts";
import { familiarText, type Reference, taggedReference, withLatest } from "../../../model/reference.ts";
import type { Engine } from "../../../operations/engine.ts";
import { tagImage } from "../../../operations/images/tag.ts";
import { noBody } from "../../http/answer.ts";
import type { Request } from "../../http/request.ts";
import type { Endpoint } from "../endpoint.ts";

export const imageTag: Endpoint = {
  operation: "ImageTag",
  answer: (request, engine) => {
    const image = engine.images.find(request.name);
    const reference = newNameOf(request);
    checkTaken(request, engine, reference, image.id);
    tagImage(engine, image.id, reference);
    return noBody(201);
  },
};

/** That a name is none, is a bad parameter in the document of 1.9. */
function newNameOf({ api, query }: Request): Reference {
  const [repo, tag] = [query.text("repo"), query.text("tag")];
  return api.isBygone ? taggedReference(repo, tag) : newName(repo, tag);
}

/** moby takes a name that is none for a fault of its own. */
export function newName(repo: string, tag: string): Reference {
  try {
    return taggedReference(repo, tag);
  } catch (error) {
    throw error instanceof ApiError ? new ApiError(500, error.message) : error;
  }
}

/** The documents have it so: later, whoever came last had the name. */
function checkTaken(request: Request, { images }: Engine, reference: Reference, id: string): void {
  const owner = images.lookUp(familiarText(withLatest(reference)));
  const isForced = request.flag("force");
  if (!request.api.isBygone || isForced || owner === undefined || owner.id === id) return;
  const what = `Tag ${familiarText(withLatest(reference))} is already set to image ${owner.id.slice(7)}`;
  throw conflict(`Conflict: ${what}, if you want to replace it, please use -f option`);
}
