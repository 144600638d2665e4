import { decodeUtf8 } from "../../base/bytes.ts";
import { quoteText } from "../../yaml/visible.ts";
import type { CassetteHeader, PortVoice } from "../model.ts";
import { formatBase64 } from "./body.ts";

/** The voices of published ports as lines of a header. */
export function formatPorts(ports: NonNullable<CassetteHeader["ports"]>): string {
  const lines = Object.entries(ports).map(([port, voice]) => `  ${port}: {${formatVoice(voice)}}\n`);
  return lines.length === 0 ? "ports: {}\n" : `ports:\n${lines.join("")}`;
}

function formatVoice({ greets, answers }: PortVoice): string {
  return [
    ...(greets === undefined ? [] : [`greets: ${formatText(greets)}`]),
    ...(answers === undefined ? [] : [`answers: ${formatText(answers)}`]),
  ].join(", ");
}

function formatText(bytes: Buffer): string {
  const text = decodeUtf8(bytes);
  return text === undefined ? `{${formatBase64(bytes)}}` : quoteText(text);
}
