import { json } from "../../http/answer.ts";
import { notFound, Refusal } from "../../refusal.ts";
import { MANIFEST_TYPE } from "../../registry/manifest.ts";
import { parseReference, withLatest } from "../../state/reference.ts";
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
      throw error instanceof Refusal ? ofInspection(error) : error;
    }
  },
};

/** Here a registry's own words are told, without what a pull makes of them. */
function ofInspection(refusal: Refusal): Refusal {
  if (refusal.message.startsWith("unauthorized")) return new Refusal(401, refusal.message);
  if (refusal.status !== 404) return refusal;
  const isDenied = refusal.message.startsWith("pull access denied");
  const own = refusal.message.replace(/^.*(?:not found|'docker login'): /, "");
  return isDenied ? new Refusal(401, own) : notFound(own);
}
