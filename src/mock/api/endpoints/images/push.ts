import { notFound } from "../../../model/api-error.ts";
import { repositoryOf } from "../../../model/images.ts";
import { familiarName, parseReference, type Reference, taggedReference } from "../../../model/reference.ts";
import type { Engine } from "../../../operations/engine.ts";
import { push } from "../../../operations/images/push.ts";
import { streamProgress } from "../../http/progress-response.ts";
import { selectProgressFormat } from "../../version/progress-format.ts";
import type { Endpoint } from "../endpoint.ts";
import { readLegacyPushCredentials, readPushCredentials } from "./credentials.ts";
import { addRegistry } from "./legacy-names.ts";

/** The document of 1.9 answers 404 before the push begins. @throws ApiError 404 if no image has the name */
function checkExists({ images }: Engine, reference: Reference): void {
  const repository = familiarName(reference);
  const isThere = [...images].some(({ tags }) => tags.some((tag) => repositoryOf(tag) === repository));
  if (!isThere) throw notFound(`No such image: ${repository}`);
}

export const imagePush: Endpoint = {
  operation: "ImagePush",
  respond: async (request, engine) => {
    const { api, name, query } = request;
    const credentials = api.isBygone
      ? await readLegacyPushCredentials(request, engine)
      : await readPushCredentials(request);
    const reference = taggedReference(name, query.get("tag"));
    if (api.isBygone) checkExists(engine, reference);
    const to = parseReference(addRegistry(request, name));
    return streamProgress((report) => push(engine, reference, credentials, report, to), {
      format: selectProgressFormat(api),
    });
  },
};
