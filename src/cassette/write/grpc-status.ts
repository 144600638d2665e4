import type { StatusDetail } from "../../wire/buildkit/status-details.ts";
import { GRPC_STATUS_NAMES } from "../../wire/grpc/status.ts";
import { quoteText } from "../../yaml/visible.ts";
import type { RecordedStatus } from "../build-model.ts";
import { formatBody } from "./body.ts";
import { spellWord } from "./spell.ts";

/** `UNKNOWN`, or the number where it has no name. */
export function spellStatusCode(code: number): string {
  return GRPC_STATUS_NAMES[code] ?? `${code}`;
}

/** The text and the details of a failure, as keys of a map at `indent`. */
export function formatStatusKeys({ message, details }: RecordedStatus, indent: string): string {
  const text = message === "" ? "" : `${indent}reason: ${quoteText(message)}\n`;
  if (details.length === 0) return text;
  return `${text}${indent}details:\n${details.map((detail) => formatDetail(detail, `${indent}    `)).join("")}`;
}

/** Its value is JSON where BuildKit writes it, and is spelled as a body. */
function formatDetail({ typeUrl, value }: StatusDetail, indent: string): string {
  return `${indent.slice(2)}- type: ${spellWord(typeUrl, false)}\n${formatBody(value, indent, "escaped")}`;
}
