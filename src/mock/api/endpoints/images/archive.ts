import type { Engine } from "../../../operations/engine.ts";
import { loadImages } from "../../../operations/images/load.ts";
import { saveImages } from "../../../operations/images/save.ts";
import { streamProgress } from "../../http/progress-response.ts";
import { type ApiResponse, emptyResponse, streamResponse } from "../../http/response.ts";
import type { Endpoint } from "../endpoint.ts";

export const imageGet: Endpoint = {
  operation: "ImageGet",
  respond: ({ name }, engine) => streamArchive(engine, [name]),
};

export const imageGetAll: Endpoint = {
  operation: "ImageGetAll",
  respond: ({ query }, engine) => streamArchive(engine, query.getAll("names")),
};

function streamArchive(engine: Engine, names: readonly string[]): ApiResponse {
  return streamResponse(saveImages(engine, names), "application/x-tar");
}

export const imageLoad: Endpoint = {
  operation: "ImageLoad",
  respond: async (request, engine) => {
    const body = await request.readBytes();
    if (request.api.isLegacy) return loadQuietly(engine, body);
    return streamProgress((report) => loadImages(engine, body, request.query.getFlag("quiet", true), report), {
      sendsHeadFirst: true,
    });
  },
};

/** From the document of 1.9. */
async function loadQuietly(engine: Engine, body: Buffer): Promise<ApiResponse> {
  await loadImages(engine, body, true, () => undefined);
  return emptyResponse(200);
}
