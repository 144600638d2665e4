import { progress } from "../../http/progress.ts";
import { push } from "../../registry/push.ts";
import { taggedReference } from "../../state/reference.ts";
import type { Endpoint } from "../endpoint.ts";
import { pushCredentialsOf } from "./credentials.ts";

export const imagePush: Endpoint = {
  operation: "ImagePush",
  answer: async (request, engine) => {
    const credentials = await pushCredentialsOf(request);
    // Up to 1.11 who pushed what is not there was told so at once, as the documents have it.
    if (request.api.isBefore("1.12")) engine.images.find(request.name);
    const reference = taggedReference(request.name, request.query.text("tag"));
    return progress((say) => push(engine, reference, credentials, say));
  },
};
