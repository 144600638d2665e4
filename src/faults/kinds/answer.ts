import { fieldsOf, type Place, wrong } from "../../yaml/place.ts";
import { textOf } from "../../yaml/values.ts";
import type { FaultEffect } from "../fault-effect.ts";

const MESSAGE = "a fault that was asked for";

/** The daemon refuses. No responder behind gets the call, so that nothing has happened. */
export function readAnswer(place: Place): FaultEffect {
  const fields = fieldsOf(place, ["status", "message"], "`answer`");
  const status = readStatus(fields.get("status") ?? place);
  const message = fields.get("message");
  const text = message === undefined ? MESSAGE : textOf(message);
  return {
    before: async ({ refuse }) => {
      await refuse(status, text);
      return true;
    },
  };
}

function readStatus(place: Place): number {
  const expected = "a map with a `status` from 400 to 599";
  const text = place.what === "status" ? textOf(place) : "";
  if (!/^[45]\d\d$/.test(text)) throw wrong(place, place.what === "status" ? "from 400 to 599" : expected);
  return Number(text);
}
