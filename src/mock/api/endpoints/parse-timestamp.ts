import { systemError } from "../../model/api-error.ts";
import { parseTimestampNs } from "../../model/go-time.ts";
import type { Engine } from "../../operations/engine.ts";

/**
 * Reads `since` or `until`, in nanoseconds since 1970. An empty text means undefined.
 * @throws ApiError 500 if it is not a time, with the message of Go's strconv
 */
export function parseTimestamp(text: string, { time }: Engine): bigint | undefined {
  if (text === "") return undefined;
  const ns = parseTimestampNs(text, time.now());
  if (ns === undefined) throw systemError(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return ns;
}
