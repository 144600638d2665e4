import { notFound } from "../../../model/api-error.ts";
import { repositoryOf } from "../../../model/images.ts";
import { familiarName, parseReference, type Reference, taggedReference } from "../../../model/reference.ts";
import type { Engine } from "../../../operations/engine.ts";
import { push } from "../../../operations/images/push.ts";
import { progress } from "../../http/progress.ts";
import { progressManner } from "../../version/progress-manner.ts";
import type { Endpoint } from "../endpoint.ts";
import { oldCredentialsOf, pushCredentialsOf } from "./credentials.ts";
import { nameAt } from "./old-pull.ts";

/** Who pushed what is not there was told so at once, as the document of 1.9 has it. @throws Refusal 404 */
function checkIsThere({ images }: Engine, reference: Reference): void {
  const repository = familiarName(reference);
  const isThere = [...images].some(({ tags }) => tags.some((tag) => repositoryOf(tag) === repository));
  if (!isThere) throw notFound(`No such image: ${repository}`);
}

export const imagePush: Endpoint = {
  operation: "ImagePush",
  answer: async (request, engine) => {
    const { api, name, query } = request;
    const credentials = api.isBygone ? await oldCredentialsOf(request, engine) : await pushCredentialsOf(request);
    const reference = taggedReference(name, query.text("tag"));
    if (api.isBygone) checkIsThere(engine, reference);
    const to = parseReference(nameAt(request, name));
    return progress((say) => push(engine, reference, credentials, say, to), { manner: progressManner(api) });
  },
};
