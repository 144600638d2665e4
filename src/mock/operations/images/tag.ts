import { badParameter } from "../../model/api-error.ts";
import { emitImageEvent } from "../../model/emit-events.ts";
import { familiarText, type Reference } from "../../model/reference.ts";
import type { Engine } from "../engine.ts";

/** @throws Refusal 400 for a digest, which nobody can give */
export function tagImage(engine: Engine, id: string, reference: Reference): void {
  if (reference.digest !== undefined) throw badParameter("refusing to create a tag with a digest reference");
  engine.images.name(id, reference, engine.time.stamp());
  emitImageEvent(engine, id, "tag", familiarText(reference));
}
