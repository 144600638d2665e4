import type { Exchange, RecordedResponse, StreamEvent } from "../../cassette/model.ts";
import { readExchange } from "../../cassette/read/exchange.ts";
import { formatExchange } from "../../cassette/write.ts";

const MARKER = "---\n";
const SEARCHED_NAMES = 100;

/**
 * Takes references to `lost` names out of a document: `during`, cues and `until`s. A cassette with a reference to what
 * it does not have cannot be read.
 */
export function withoutReferences(text: string, lost: ReadonlySet<string>): string {
  // A document is parsed only where it may refer to one of them.
  if (!isMentioned(text, lost) || !/\b(?:during|cue|until)["']?:/.test(text)) return text;
  const document = text.startsWith(MARKER) ? text.slice(MARKER.length) : text;
  const exchange = readExchange({ file: "new recording", text: document, firstLine: 1 });
  const isLost = (name: string): boolean => lost.has(name);
  return refersTo(exchange, isLost) ? formatExchange(removeReferences(exchange, isLost)) : text;
}

/** Takes the name out of a document's text where nothing refers to it. */
export function withoutIdleName(text: string, isReferenced: (name: string) => boolean): string {
  const [line, name = ""] = /^---\nname: (\S+)\n/.exec(text) ?? [];
  return line === undefined || isReferenced(name) ? text : MARKER + text.slice(line.length);
}

/** To search a text for each of many names would take longer than to parse it. */
function isMentioned(text: string, lost: ReadonlySet<string>): boolean {
  return lost.size > SEARCHED_NAMES || [...lost].some((name) => text.includes(name));
}

function refersTo({ during = [], response, stream = [] }: Exchange, isLost: (name: string) => boolean): boolean {
  return [...during, ...(response?.cues ?? []), ...(response?.untils ?? []), ...stream.flatMap(listReferences)].some(
    isLost,
  );
}

function listReferences(event: StreamEvent): readonly string[] {
  return event.kind === "cue" || event.kind === "until" ? [event.name] : [];
}

function removeReferences(exchange: Exchange, isLost: (name: string) => boolean): Exchange {
  const { during = [], response, stream, ...rest } = exchange;
  return {
    ...rest,
    during: during.filter((name) => !isLost(name)),
    response: response && withoutNames(response, isLost),
    ...(stream === undefined ? {} : { stream: stream.filter((event) => !listReferences(event).some(isLost)) }),
  };
}

function withoutNames(response: RecordedResponse, isLost: (name: string) => boolean): RecordedResponse {
  const { cues, untils } = response;
  return {
    ...response,
    ...(cues === undefined ? {} : { cues: cues.filter((name) => !isLost(name)) }),
    ...(untils === undefined ? {} : { untils: untils.filter((name) => !isLost(name)) }),
  };
}
