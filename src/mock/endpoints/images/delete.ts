import { json } from "../../http/answer.ts";
import { removeImage } from "../../lifecycle/images/remove.ts";
import type { Endpoint } from "../endpoint.ts";

export const imageDelete: Endpoint = {
  operation: "ImageDelete",
  answer: ({ name, query }, engine) => {
    return json(removeImage(engine, name, { isForced: query.flag("force"), prunes: !query.flag("noprune") }));
  },
};
