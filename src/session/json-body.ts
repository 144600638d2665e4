import { joinedBytes } from "../base/bytes.ts";
import { fieldValue } from "../wire/head.ts";
import type { Call } from "./call.ts";

/** Longer ones are nothing that a person would look at. */
const BODY_LIMIT = 256 * 1024;

/** The body as JSON; undefined where it says that it is something else, is none, or is very long. */
export async function jsonOf(call: Call): Promise<unknown> {
  if (!/^application\/json\b/i.test(fieldValue(call.head.fields, "Content-Type") ?? "")) return undefined;
  if (Number(fieldValue(call.head.fields, "Content-Length") ?? 0) > BODY_LIMIT) return undefined;
  const bytes = await joinedBytes(call.wholeBody());
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}
