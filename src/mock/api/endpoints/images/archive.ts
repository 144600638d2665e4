import type { Engine } from "../../../operations/engine.ts";
import { loadImages } from "../../../operations/images/load.ts";
import { saveImages } from "../../../operations/images/save.ts";
import { streamProgress } from "../../http/progress-response.ts";
import type { ApiRequest } from "../../http/request.ts";
import { type ApiResponse, emptyResponse, streamResponse } from "../../http/response.ts";
import type { Endpoint } from "../endpoint.ts";
import { checkPlatform, readPlatform } from "./platform.ts";

export const imageGet: Endpoint = {
  operation: "ImageGet",
  respond: (request, engine) => streamArchive(request, engine, [request.name]),
};

export const imageGetAll: Endpoint = {
  operation: "ImageGetAll",
  respond: (request, engine) => streamArchive(request, engine, request.query.getAll("names")),
};

function streamArchive({ query }: ApiRequest, engine: Engine, names: readonly string[]): ApiResponse {
  const platform = readPlatform(query);
  for (const name of names) {
    const image = engine.images.lookUp(name);
    if (image !== undefined) checkPlatform(image, name, platform);
  }
  return streamResponse(saveImages(engine, names), "application/x-tar");
}

export const imageLoad: Endpoint = {
  operation: "ImageLoad",
  respond: async (request, engine) => {
    readPlatform(request.query);
    const body = await request.readBytes();
    if (request.api.isLegacy) return loadQuietly(engine, body);
    return streamProgress(request, (report) => loadImages(engine, body, request.query.getFlag("quiet", true), report), {
      sendsHeadFirst: true,
    });
  },
};

/** From the document of 1.9. */
async function loadQuietly(engine: Engine, body: Buffer): Promise<ApiResponse> {
  await loadImages(engine, body, true, () => undefined);
  return emptyResponse(200);
}
