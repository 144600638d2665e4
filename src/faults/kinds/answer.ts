import { createValueError, readFields, type YamlPlace } from "../../yaml/place.ts";
import { readText } from "../../yaml/values.ts";
import type { FaultEffect } from "../fault-effect.ts";

const MESSAGE = "a fault that was asked for";

/** The daemon refuses. No responder behind gets the call, so that nothing has happened. */
export function readAnswer(place: YamlPlace): FaultEffect {
  const fields = readFields(place, ["status", "message"], "`answer`");
  const status = readStatus(fields.get("status") ?? place);
  const message = fields.get("message");
  const text = message === undefined ? MESSAGE : readText(message);
  return {
    before: async ({ refuse }) => {
      await refuse(status, text);
      return true;
    },
  };
}

function readStatus(place: YamlPlace): number {
  const expected = "a map with a `status` from 400 to 599";
  const text = place.what === "status" ? readText(place) : "";
  if (!/^[45]\d\d$/.test(text)) throw createValueError(place, place.what === "status" ? "from 400 to 599" : expected);
  return Number(text);
}
