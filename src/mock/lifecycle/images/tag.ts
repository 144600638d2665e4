import type { Engine } from "../../engine.ts";
import { badParameter } from "../../refusal.ts";
import { familiarText, type Reference } from "../../state/reference.ts";

/** @throws Refusal 400 for a digest, which nobody can give */
export function tagImage(engine: Engine, id: string, reference: Reference): void {
  if (reference.digest !== undefined) throw badParameter("refusing to create a tag with a digest reference");
  engine.images.name(id, reference, engine.time.stamp());
  engine.tellOfImage(id, "tag", familiarText(reference));
}
