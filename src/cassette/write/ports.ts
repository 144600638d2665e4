import { utf8Text } from "../../base/bytes.ts";
import { quoted } from "../../yaml/visible.ts";
import type { CassetteHeader, PortVoice } from "../model.ts";
import { base64Flow } from "./body.ts";

/** What is said on published ports, as it stands in a header. */
export function portsText(ports: NonNullable<CassetteHeader["ports"]>): string {
  const lines = Object.entries(ports).map(([port, voice]) => `  ${port}: {${voiceText(voice)}}\n`);
  return lines.length === 0 ? "ports: {}\n" : `ports:\n${lines.join("")}`;
}

function voiceText({ greets, answers }: PortVoice): string {
  return [
    ...(greets === undefined ? [] : [`greets: ${flow(greets)}`]),
    ...(answers === undefined ? [] : [`answers: ${flow(answers)}`]),
  ].join(", ");
}

function flow(bytes: Buffer): string {
  const text = utf8Text(bytes);
  return text === undefined ? `{${base64Flow(bytes)}}` : quoted(text);
}
