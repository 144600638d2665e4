import { CassetteError } from "../../base/errors.ts";
import { errorAt, type Source } from "../../yaml/error-at.ts";
import { documentOf, entriesOf, fieldsOf, keyPlace, type Place, present, shapeError } from "../../yaml/place.ts";
import { choicesOf, flagOf, textOf, wordsOf } from "../../yaml/values.ts";
import type { CassetteHeader, PortVoice } from "../model.ts";
import { MEANINGS, PRESETS } from "../rule-names.ts";
import { bytesOf } from "./bytes.ts";
import { headerFieldsOf } from "./fields.ts";
import { firstContent } from "./first-content.ts";

/** The newest version of the format that is understood. */
export const FORMAT_VERSION = 1;

const RULE_KEYS = ["ignore", "bind", "match", "exact", "presets"] as const;
const HEADER_KEYS = ["whalesong", "unfinished", "recorded", "every-response", ...RULE_KEYS, "ports"] as const;
const RECORDED_KEYS = ["at", "by", "from", "client"] as const;
const MAGIC = /whalesong:[ \t]*([^\r\n#]*)/y;

/** The header that the first document tells. */
export function readHeader(source: Source): CassetteHeader {
  const version = versionOf(source);
  const fields = fieldsOf(documentOf(source, "document"), HEADER_KEYS, "the header of a cassette");
  const [everyResponse, unfinished, exact] = (["every-response", "unfinished", "exact"] as const).map((key) =>
    fields.get(key),
  );
  return {
    version,
    ...present("recorded", fields.get("recorded"), recordedOf),
    everyResponse: everyResponse === undefined ? [] : headerFieldsOf(everyResponse),
    rules: {
      ignore: wordsIn(fields.get("ignore"), "a rule like `query.t`"),
      bind: bindOf(fields.get("bind")),
      match: wordsIn(fields.get("match"), "a header's name like `X-Meta-Tenant`"),
      exact: exact === undefined ? [] : choicesOf(exact, MEANINGS),
      ...present("presets", fields.get("presets"), (place) => choicesOf(place, PRESETS)),
    },
    ...present("ports", fields.get("ports"), portsOf),
    isUnfinished: unfinished !== undefined && flagOf(unfinished) === true,
  };
}

function bindOf(place: Place | undefined): CassetteHeader["rules"]["bind"] {
  return place === undefined ? {} : Object.fromEntries(headerFieldsOf(place));
}

function portsOf(place: Place): NonNullable<CassetteHeader["ports"]> {
  return Object.fromEntries(
    [...entriesOf(place, "a map of ports like `80/tcp`")].map(([port, voice]) => [portOf(port, place), voiceOf(voice)]),
  );
}

function portOf(port: string, ports: Place): string {
  if (/^\d{1,5}\/tcp$/.test(port)) return port;
  throw shapeError(keyPlace(ports, port) ?? ports, `a port of a container is written like \`80/tcp\`, got \`${port}\``);
}

function voiceOf(place: Place): PortVoice {
  const fields = fieldsOf(place, ["greets", "answers"], "a port");
  return { ...present("greets", fields.get("greets"), bytesOf), ...present("answers", fields.get("answers"), bytesOf) };
}

/** Looked at before all else: the text of a newer version may be anything. */
function versionOf(source: Source): number {
  const start = firstContent(source.text);
  MAGIC.lastIndex = start;
  const match = MAGIC.exec(source.text);
  if (match === null) throw notACassette(source.file, "its first key is not `whalesong`");
  const text = (match[1] as string).trim();
  const version = /^[1-9]\d{0,5}$/.test(text) ? Number(text) : undefined;
  if (version !== undefined && version <= FORMAT_VERSION) return version;
  throw errorAt(source, start, "WHALESONG_CASSETTE_VERSION", versionFault(text, version));
}

function versionFault(text: string, version: number | undefined): string {
  if (version === undefined)
    return `\`whalesong\` must be the version of the format, \`${FORMAT_VERSION}\`, got \`${text}\``;
  return `written by a newer whalesong (format ${version}, this one reads up to ${FORMAT_VERSION})`;
}

export function notACassette(file: string, reason: string): CassetteError {
  const message = `${file}:1:1  not a cassette: ${reason} (a cassette begins with \`whalesong: ${FORMAT_VERSION}\`)`;
  return new CassetteError("WHALESONG_NOT_A_CASSETTE", message, { fields: { file, line: 1, column: 1 } });
}

function recordedOf(place: Place): NonNullable<CassetteHeader["recorded"]> {
  const fields = fieldsOf(place, RECORDED_KEYS, "`recorded`");
  return Object.fromEntries([...fields].map(([key, value]) => [key, textOf(value)]));
}

function wordsIn(place: Place | undefined, expected: string): readonly string[] {
  return place === undefined ? [] : wordsOf(place, expected);
}
