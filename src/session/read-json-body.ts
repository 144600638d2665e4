import { joinBytes } from "../base/bytes.ts";
import { parseBoundedJson } from "../base/parse-json.ts";
import { findFieldValue } from "../wire/http/head.ts";
import type { Call } from "./call.ts";

/** In bytes. Callers show the body to a person, and no person reads more. */
const BODY_LIMIT = 256 * 1024;

/** The body as JSON; undefined where its type is another one, where it is no JSON, or where it is longer than 256 KiB. */
export async function readJsonBody(call: Call): Promise<unknown> {
  if (!/^application\/json\b/i.test(findFieldValue(call.head.fields, "Content-Type") ?? "")) return undefined;
  if (Number(findFieldValue(call.head.fields, "Content-Length") ?? 0) > BODY_LIMIT) return undefined;
  const bytes = await joinBytes(call.readWholeBody());
  if (bytes.length > BODY_LIMIT) return undefined;
  try {
    return parseBoundedJson(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}
