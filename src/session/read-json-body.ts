import { joinBytes } from "../base/bytes.ts";
import { findFieldValue } from "../wire/head.ts";
import type { Call } from "./call.ts";

/** Longer ones are nothing that a person would look at. */
const BODY_LIMIT = 256 * 1024;

/** The body as JSON; undefined where it says that it is something else, is none, or is very long. */
export async function readJsonBody(call: Call): Promise<unknown> {
  if (!/^application\/json\b/i.test(findFieldValue(call.head.fields, "Content-Type") ?? "")) return undefined;
  if (Number(findFieldValue(call.head.fields, "Content-Length") ?? 0) > BODY_LIMIT) return undefined;
  const bytes = await joinBytes(call.readWholeBody());
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}
