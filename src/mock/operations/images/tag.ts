import { badParameter } from "../../model/api-error.ts";
import { emitImageEvent } from "../../model/emit-events.ts";
import { type ImageReference, toFamiliarText } from "../../model/image-reference.ts";
import type { Engine } from "../engine.ts";

/** Gives an image a name. @throws ApiError 400 for a digest */
export function tagImage(engine: Engine, id: string, reference: ImageReference): void {
  if (reference.digest !== undefined) throw badParameter("refusing to create a tag with a digest reference");
  engine.images.addName(id, reference, engine.time.stamp());
  emitImageEvent(engine, id, "tag", toFamiliarText(reference));
}
