/** Which known clients made a recording: by the names that they gave themselves, and by what they sent. */
import type { CassetteEntry, CassetteWalk } from "../../cassette/read.ts";
import type { PresetName } from "../../cassette/rule-names.ts";
import { parseOperation } from "../../wire/operations/operation.ts";
import { findPresetByUserAgent, findPresetsByTrace, listPresetsOfEmptyObjects } from "./presets.ts";

/** A client shows in its first requests; a long recording is not read for it. */
const SEARCHED_REQUESTS = 200;
const EMPTY_OBJECT = /^ {2}json-bare: \{\}$/m;
/** Changes for which the API documents no body. Where it documents one, any client may post an empty one. */
const WITHOUT_BODY = /^Container(Start|Stop|Restart|Kill|Pause|Unpause|Wait|Resize)$|^ExecResize$/;

/**
 * The clients of a recording: those that its header names, and those that left traces in the first requests. The
 * allowances of all of them apply, since a recording does not say which request came from which client. Of several
 * exchanges that are equal by them, a client gets one that is equal by its own (client-rules.ts).
 */
export function detectPresets({ header, entries }: CassetteWalk): readonly PresetName[] {
  const agents = listClients(header);
  const named = agents.flatMap((agent) => findPresetByUserAgent(agent) ?? []);
  const posts = takeFirst(entries, SEARCHED_REQUESTS).filter(({ method }) => method === "POST");
  const traced = posts.flatMap((entry) => findPresetsByTrace(sliceRequestText(entry.readText())));
  // A client that no preset knows may have posted the empty object.
  const isNameless = agents.length === named.length && posts.some(isEmptyObjectPosted);
  return [...new Set([...named, ...traced, ...(isNameless ? listPresetsOfEmptyObjects() : [])])];
}

/** The clients that named themselves while it was recorded, by the products of their User-Agents. */
export function listClients({ recorded }: CassetteWalk["header"]): readonly string[] {
  return (recorded?.client ?? "").split(", ").filter((agent) => agent !== "");
}

function takeFirst(entries: CassetteWalk["entries"], most: number): readonly CassetteEntry[] {
  const first: CassetteEntry[] = [];
  for (const entry of entries) if (first.push(entry) === most) break;
  return first;
}

function isEmptyObjectPosted(entry: CassetteEntry): boolean {
  if (!WITHOUT_BODY.test(parseOperation(entry.method, entry.target).name)) return false;
  return EMPTY_OBJECT.test(sliceRequestText(entry.readText()));
}

function sliceRequestText(text: string): string {
  return text.slice(0, text.indexOf("\nresponse:"));
}
