/** moby daemon/images/image_history.go */

import { unixSeconds } from "../../../model/go-time.ts";
import type { Image } from "../../../model/image.ts";
import { type Shape, type ShapeChange, shapeFor } from "../../../model/shapes.ts";
import type { Engine } from "../../../operations/engine.ts";
import { json } from "../../http/answer.ts";
import type { Endpoint } from "../endpoint.ts";
import { bareId } from "./shapes.ts";

const CHANGES: readonly ShapeChange[] = [{ since: "1.12", before: documented }];

export const imageHistory: Endpoint = {
  operation: "ImageHistory",
  answer: ({ api, name }, engine) => {
    const image = engine.images.find(name);
    const owners = ancestry(engine, image);
    const entries = steps(image).map((step, index) => told(step, owners[index]));
    return json(entries.map((entry) => shapeFor(api, entry, CHANGES)));
  },
};

interface Step {
  readonly entry: Image["history"][number];
  readonly size: number;
}

/** Newest first. */
function steps({ history, layers }: Image): Step[] {
  let layer = 0;
  const forward = history.map((entry): Step => {
    const size = entry.isEmptyLayer ? 0 : (layers[layer++]?.size ?? 0);
    return { entry, size };
  });
  return forward.reverse();
}

/** The image itself, and those that it was made from, as far as they are here. */
function ancestry({ images }: Engine, image: Image): Image[] {
  const found: Image[] = [];
  for (let one: Image | undefined = image; one !== undefined; one = images.get(one.parentId)) found.push(one);
  return found;
}

function told({ entry, size }: Step, owner: Image | undefined): Shape {
  return {
    Comment: entry.comment,
    Created: unixSeconds(entry.created),
    CreatedBy: entry.createdBy,
    Id: owner?.id ?? "<missing>",
    Size: size,
    Tags: owner === undefined || owner.tags.length === 0 ? null : owner.tags,
  };
}

function documented({ Id, Created, CreatedBy }: Shape): Shape {
  return { Id: bareId(Id), Created, CreatedBy };
}
