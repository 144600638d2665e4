import { badParameter } from "../../../model/api-error.ts";
import type { ApiJson } from "../../../model/api-json.ts";
import type { Engine } from "../../../operations/engine.ts";
import { type RemovedItem, removeImage } from "../../../operations/images/remove.ts";
import type { QueryParameters } from "../../http/query.ts";
import { jsonResponse, noContent } from "../../http/response.ts";
import { toBareId } from "../../version/legacy-image-names.ts";
import type { Endpoint } from "../endpoint.ts";
import { checkPlatform, parsePlatform } from "./platform.ts";

/** The response lists what was removed since 1.2. */
export const imageDelete: Endpoint = {
  operation: "ImageDelete",
  respond: ({ api, name, query }, engine) => {
    checkPlatforms(engine, name, query);
    const ids = mapIdsByTag(engine);
    const removed = removeImage(engine, name, {
      isForced: query.getFlag("force"),
      prunes: !query.getFlag("noprune"),
    });
    if (api.isBefore("1.2")) return noContent();
    return jsonResponse(api.isLegacy ? toDocumentedJson(removed, ids) : removed);
  },
};

/** One platform may be named, and it must be the image's (moby daemon/images/image_delete.go). */
function checkPlatforms({ images }: Engine, name: string, query: QueryParameters): void {
  const [platform, ...others] = query.getAll("platforms").map(parsePlatform);
  if (others.length > 0) throw badParameter("multiple platforms are not supported");
  if (platform !== undefined) checkPlatform(images.find(name), name, platform);
}

function mapIdsByTag({ images }: Engine): ReadonlyMap<string, string> {
  return new Map([...images].flatMap(({ id, tags }) => tags.map((tag) => [tag, id] as const)));
}

/** The document of 1.9 has only ids, even of an image that lost one of its names. */
function toDocumentedJson(removed: readonly RemovedItem[], ids: ReadonlyMap<string, string>): ApiJson[] {
  return removed.flatMap((change): ApiJson[] => {
    if ("Deleted" in change) return [{ Deleted: toBareId(change.Deleted) }];
    const id = ids.get(change.Untagged);
    return id === undefined ? [] : [{ Untagged: toBareId(id) }];
  });
}
