import { notFound } from "../../../model/api-error.ts";
import {
  type ImageReference,
  parseReference,
  parseTaggedReference,
  toFamiliarName,
} from "../../../model/image-reference.ts";
import { toRepositoryName } from "../../../model/image-store.ts";
import type { Engine } from "../../../operations/engine.ts";
import { pushImage } from "../../../operations/images/push.ts";
import { streamProgress } from "../../http/progress-response.ts";
import { selectProgressFormat } from "../../version/progress-format.ts";
import type { Endpoint } from "../endpoint.ts";
import { readLegacyPushCredentials, readPushCredentials } from "./credentials.ts";
import { addRegistry } from "./legacy-names.ts";

/** The document of 1.9 answers 404 before the push begins. @throws ApiError 404 if no image has the name */
function checkExists({ images }: Engine, reference: ImageReference): void {
  const repository = toFamiliarName(reference);
  const isThere = [...images].some(({ tags }) => tags.some((tag) => toRepositoryName(tag) === repository));
  if (!isThere) throw notFound(`No such image: ${repository}`);
}

export const imagePush: Endpoint = {
  operation: "ImagePush",
  respond: async (request, engine) => {
    const { api, name, query } = request;
    const credentials = api.isLegacy
      ? await readLegacyPushCredentials(request, engine)
      : await readPushCredentials(request);
    const reference = parseTaggedReference(name, query.get("tag"));
    if (api.isLegacy) checkExists(engine, reference);
    const to = parseReference(addRegistry(request, name));
    return streamProgress(request, (report) => pushImage(engine, reference, credentials, report, to), {
      format: selectProgressFormat(request),
    });
  },
};
