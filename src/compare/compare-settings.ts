/**
 * What the headers of two cassettes set for answers: the fields of every response, and what ports send. Other keys set no
 * answer: rules say which requests are equal, and the rest is of the recording itself.
 */
import type { PortVoice } from "../cassette/model.ts";
import type { CassetteWalk } from "../cassette/read.ts";
import type { ContentDifference } from "./compare-content.ts";

/** `field` is `every-response.server` or `ports.80/tcp`. */
export type SettingDifference = Pick<ContentDifference, "field" | "recorded" | "got">;

type Settings = ReadonlyMap<string, string>;

/** The settings that are not the same, in the order of the first cassette, then of the second. */
export function compareSettings(first: CassetteWalk, second: CassetteWalk): readonly SettingDifference[] {
  const [fields, otherFields] = [readEveryResponse(first), readEveryResponse(second)];
  return [
    ...compare("every-response", fields, otherFields).filter(
      ({ field, recorded, got }) =>
        !standsInAnswers(field, recorded === undefined ? first : got === undefined ? second : undefined),
    ),
    ...compare("ports", readPorts(first), readPorts(second)),
  ];
}

function compare(key: string, first: Settings, second: Settings): readonly SettingDifference[] {
  return [...new Set([...first.keys(), ...second.keys()])]
    .filter((name) => first.get(name) !== second.get(name))
    .map((name) => ({ field: `${key}.${name}`, recorded: first.get(name), got: second.get(name) }));
}

/** A header that stands in the answers themselves is compared there: that is where a HAR has all of them. */
function standsInAnswers(field: string, lacking: CassetteWalk | undefined): boolean {
  if (lacking === undefined) return false;
  const name = field.slice(field.indexOf(".") + 1);
  for (const entry of lacking.entries) {
    const { response } = entry.readExchange();
    if (response === undefined) continue;
    return [...response.headers, ...(response.exactHead ?? [])].some(([own]) => own.toLowerCase() === name);
  }
  return true;
}

function readEveryResponse({ header: { everyResponse } }: CassetteWalk): Settings {
  const values = new Map<string, string>();
  for (const [spelled, value] of everyResponse) {
    const name = spelled.toLowerCase();
    const known = values.get(name);
    values.set(name, known === undefined ? value : `${known}, ${value}`);
  }
  return values;
}

function readPorts({ header: { ports = {} } }: CassetteWalk): Settings {
  return new Map(Object.entries(ports).map(([port, voice]) => [port, spellVoice(voice)]));
}

function spellVoice(voice: PortVoice): string {
  return Object.entries(voice)
    .map(([when, bytes]: [string, Buffer]) => `${when} ${JSON.stringify(bytes.toString("latin1"))}`)
    .join(", ");
}
