/** Which clients a recording is of. */

import type { Cassette } from "../../cassette/read.ts";
import type { PresetName } from "../../cassette/rule-names.ts";
import { presetOfUserAgent, presetsTracedIn } from "./presets.ts";

/** What a client is goes for all it does; a long recording is not read for it. */
const LOOKED_AT = 200;

/** The clients that the header names, and those that left traces in the first requests. */
export function detectPresets({ header, entries }: Cassette): readonly PresetName[] {
  const named = (header.recorded?.client ?? "").split(", ").flatMap((client) => presetOfUserAgent(client) ?? []);
  const traced = entries
    .slice(0, LOOKED_AT)
    .filter(({ method }) => method === "POST")
    .flatMap((entry) => presetsTracedIn(requestText(entry.text())));
  return [...new Set([...named, ...traced])];
}

function requestText(text: string): string {
  return text.slice(0, text.indexOf("\nresponse:"));
}
