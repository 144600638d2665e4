import { ApiError, notFound } from "../../../model/api-error.ts";
import { parseReference, withLatest } from "../../../model/image-reference.ts";
import { MANIFEST_TYPE } from "../../../registry/manifest.ts";
import { jsonResponse } from "../../http/response.ts";
import type { Endpoint } from "../endpoint.ts";
import { readCredentials } from "./credentials.ts";

/** moby's router has this endpoint in every version (moby api/server/router/distribution). */
export const distributionInspect: Endpoint = {
  operation: "DistributionInspect",
  respond: async (request, engine) => {
    const reference = withLatest(parseReference(request.name));
    try {
      const { manifest } = await engine.registry.find(reference, readCredentials(request));
      return jsonResponse({
        Descriptor: { mediaType: MANIFEST_TYPE, digest: manifest.digest, size: manifest.size },
        Platforms: [{ architecture: "amd64", os: "linux" }],
      });
    } catch (error) {
      throw error instanceof ApiError ? toInspectionError(error) : error;
    }
  },
};

/** This endpoint reports the registry's own message, without what a pull puts before it. */
function toInspectionError(error: ApiError): ApiError {
  if (error.message.startsWith("unauthorized")) return new ApiError(401, error.message);
  if (error.status !== 404) return error;
  const isDenied = error.message.startsWith("pull access denied");
  const message = error.message.replace(/^.*(?:not found|'docker login'): /, "");
  return isDenied ? new ApiError(401, message) : notFound(message);
}
