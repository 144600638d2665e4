/** moby daemon/images/image_history.go */

import type { ApiJson } from "../../../model/api-json.ts";
import { toUnixSeconds } from "../../../model/go-time.ts";
import type { Image } from "../../../model/image.ts";
import type { Engine } from "../../../operations/engine.ts";
import { jsonResponse } from "../../http/response.ts";
import { downgradeTo, type ResponseDowngrade } from "../../version/downgrade.ts";
import { toBareId } from "../../version/legacy-image-names.ts";
import type { Endpoint } from "../endpoint.ts";
import { checkPlatform, readPlatform } from "./platform.ts";

const DOWNGRADES: readonly ResponseDowngrade[] = [{ since: "1.12", downgrade: toDocumentedJson }];

export const imageHistory: Endpoint = {
  operation: "ImageHistory",
  respond: (request, engine) => {
    const platform = readPlatform(request.query);
    const image = engine.images.find(request.name);
    checkPlatform(image, request.name, platform);
    const owners = listAncestors(engine, image);
    const entries = listSteps(image).map((step, index) => toHistoryEntry(step, owners[index]));
    return jsonResponse(entries.map((entry) => downgradeTo(request, entry, DOWNGRADES)));
  },
};

interface HistoryStep {
  readonly entry: Image["history"][number];
  readonly size: number;
}

/** Newest first. */
function listSteps({ history, layers }: Image): HistoryStep[] {
  let layer = 0;
  const forward = history.map((entry): HistoryStep => {
    const size = entry.isEmptyLayer ? 0 : (layers[layer++]?.size ?? 0);
    return { entry, size };
  });
  return forward.reverse();
}

/** The image itself and its ancestors, as far as this daemon has them. */
function listAncestors({ images }: Engine, image: Image): Image[] {
  const ancestors: Image[] = [];
  for (let one: Image | undefined = image; one !== undefined; one = images.get(one.parentId)) ancestors.push(one);
  return ancestors;
}

function toHistoryEntry({ entry, size }: HistoryStep, owner: Image | undefined): ApiJson {
  return {
    Comment: entry.comment,
    Created: toUnixSeconds(entry.created),
    CreatedBy: entry.createdBy,
    Id: owner?.id ?? "<missing>",
    Size: size,
    Tags: owner === undefined || owner.tags.length === 0 ? null : owner.tags,
  };
}

function toDocumentedJson({ Id, Created, CreatedBy }: ApiJson): ApiJson {
  return { Id: toBareId(Id), Created, CreatedBy };
}
