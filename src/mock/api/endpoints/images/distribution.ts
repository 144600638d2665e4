import { ApiError, notFound } from "../../../model/api-error.ts";
import { parseReference, withLatest } from "../../../model/reference.ts";
import { MANIFEST_TYPE } from "../../../registry/manifest.ts";
import { json } from "../../http/answer.ts";
import type { Endpoint } from "../endpoint.ts";
import { credentialsOf } from "./credentials.ts";

/** moby api/server/router/distribution; the router has it whatever the version. */
export const distributionInspect: Endpoint = {
  operation: "DistributionInspect",
  answer: async (request, engine) => {
    const reference = withLatest(parseReference(request.name));
    try {
      const { manifest } = await engine.registry.find(reference, credentialsOf(request));
      return json({
        Descriptor: { mediaType: MANIFEST_TYPE, digest: manifest.digest, size: manifest.size },
        Platforms: [{ architecture: "amd64", os: "linux" }],
      });
    } catch (error) {
      throw error instanceof ApiError ? ofInspection(error) : error;
    }
  },
};

/** Here a registry's own words are told, without what a pull makes of them. */
function ofInspection(refusal: ApiError): ApiError {
  if (refusal.message.startsWith("unauthorized")) return new ApiError(401, refusal.message);
  if (refusal.status !== 404) return refusal;
  const isDenied = refusal.message.startsWith("pull access denied");
  const own = refusal.message.replace(/^.*(?:not found|'docker login'): /, "");
  return isDenied ? new ApiError(401, own) : notFound(own);
}
