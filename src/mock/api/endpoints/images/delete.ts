import type { Shape } from "../../../model/shapes.ts";
import type { Engine } from "../../../operations/engine.ts";
import { type Removed, removeImage } from "../../../operations/images/remove.ts";
import { json, nothing } from "../../http/answer.ts";
import type { Endpoint } from "../endpoint.ts";
import { bareId } from "./shapes.ts";

/** What went is told since 1.2. */
export const imageDelete: Endpoint = {
  operation: "ImageDelete",
  answer: ({ api, name, query }, engine) => {
    const ids = idsByTag(engine);
    const removed = removeImage(engine, name, {
      isForced: query.flag("force"),
      prunes: !query.flag("noprune"),
    });
    if (api.isBefore("1.2")) return nothing();
    return json(api.isBygone ? documented(removed, ids) : removed);
  },
};

function idsByTag({ images }: Engine): ReadonlyMap<string, string> {
  return new Map([...images].flatMap(({ id, tags }) => tags.map((tag) => [tag, id] as const)));
}

/** Ids only, as the document of 1.9 has it: also that of an image which has lost a name. */
function documented(removed: readonly Removed[], ids: ReadonlyMap<string, string>): Shape[] {
  return removed.flatMap((one): Shape[] => {
    if ("Deleted" in one) return [{ Deleted: bareId(one.Deleted) }];
    const id = ids.get(one.Untagged);
    return id === undefined ? [] : [{ Untagged: bareId(id) }];
  });
}
