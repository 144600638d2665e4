import type { Engine } from "../../../operations/engine.ts";
import { loadImages } from "../../../operations/images/load.ts";
import { savedImages } from "../../../operations/images/save.ts";
import { type Answer, noBody, stream } from "../../http/answer.ts";
import { progress } from "../../http/progress.ts";
import type { Endpoint } from "../endpoint.ts";

export const imageGet: Endpoint = {
  operation: "ImageGet",
  answer: ({ name }, engine) => saved(engine, [name]),
};

export const imageGetAll: Endpoint = {
  operation: "ImageGetAll",
  answer: ({ query }, engine) => saved(engine, query.all("names")),
};

function saved(engine: Engine, names: readonly string[]): Answer {
  return stream(savedImages(engine, names), "application/x-tar");
}

export const imageLoad: Endpoint = {
  operation: "ImageLoad",
  answer: async (request, engine) => {
    const body = await request.bytes();
    if (request.api.isBygone) return loadedInSilence(engine, body);
    return progress((say) => loadImages(engine, body, request.query.flag("quiet", true), say), { isPrompt: true });
  },
};

/** As the document of 1.9 has it. */
async function loadedInSilence(engine: Engine, body: Buffer): Promise<Answer> {
  await loadImages(engine, body, true, () => undefined);
  return noBody(200);
}
