import type { Cassette } from "../../cassette/read.ts";
import type { PresetName } from "../../cassette/rule-names.ts";
import { findPresetByUserAgent, findPresetsByTrace } from "./presets.ts";

/** A client shows in its first requests; a long recording is not read for it. */
const SEARCHED_REQUESTS = 200;

/** The clients of a recording: those that its header names, and those that left traces in the first requests. */
export function detectPresets({ header, entries }: Cassette): readonly PresetName[] {
  const clients = (header.recorded?.client ?? "").split(", ");
  const named = clients.flatMap((client) => findPresetByUserAgent(client) ?? []);
  const traced = entries
    .slice(0, SEARCHED_REQUESTS)
    .filter(({ method }) => method === "POST")
    .flatMap((entry) => findPresetsByTrace(sliceRequestText(entry.readText())));
  return [...new Set([...named, ...traced])];
}

function sliceRequestText(text: string): string {
  return text.slice(0, text.indexOf("\nresponse:"));
}
