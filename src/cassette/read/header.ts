import { CassetteError } from "../../base/errors.ts";
import { createErrorAt, type SourceText } from "../../yaml/error-at.ts";
import {
  createShapeError,
  findKey,
  parseYamlDocument,
  readEntries,
  readFields,
  readOptional,
  type YamlPlace,
} from "../../yaml/place.ts";
import { readChoices, readFlag, readText, readWords } from "../../yaml/values.ts";
import type { CassetteHeader, PortVoice } from "../model.ts";
import { ALLOWANCES, PRESETS } from "../rule-names.ts";
import { readHeaderFields, readPairs } from "./fields.ts";
import { findFirstContent } from "./first-content.ts";
import { readPayload } from "./payload.ts";

/** The newest version of the format that this code reads. */
export const FORMAT_VERSION = 1;

const RULE_KEYS = ["ignore", "bind", "match", "exact", "presets"] as const;
const HEADER_KEYS = ["whalesong", "unfinished", "recorded", "every-response", ...RULE_KEYS, "redact", "ports"] as const;
const RECORDED_KEYS = ["at", "by", "from", "client"] as const;
const MAGIC = /whalesong:[ \t]*([^\r\n#]*)/y;

/** Reads the header from the first document. */
export function readHeader(source: SourceText): CassetteHeader {
  const version = readVersion(source);
  const fields = readFields(parseYamlDocument(source, "document"), HEADER_KEYS, "the header of a cassette");
  const [everyResponse, unfinished, exact] = (["every-response", "unfinished", "exact"] as const).map((key) =>
    fields.get(key),
  );
  return {
    version,
    ...readOptional("recorded", fields.get("recorded"), readRecorded),
    everyResponse: everyResponse === undefined ? [] : readHeaderFields(everyResponse),
    rules: {
      ignore: readOptionalWords(fields.get("ignore"), "a rule like `query.t`"),
      bind: readBind(fields.get("bind")),
      match: readOptionalWords(fields.get("match"), "a header's name like `X-Meta-Tenant`"),
      exact: exact === undefined ? [] : readChoices(exact, ALLOWANCES),
      ...readOptional("presets", fields.get("presets"), (place) => readChoices(place, PRESETS)),
    },
    ...readOptional("redact", fields.get("redact"), readRedact),
    ...readOptional("ports", fields.get("ports"), readPorts),
    isUnfinished: unfinished !== undefined && readFlag(unfinished) === true,
  };
}

function readBind(place: YamlPlace | undefined): CassetteHeader["rules"]["bind"] {
  return place === undefined ? {} : Object.fromEntries(readPairs(place));
}

function readRedact(place: YamlPlace): readonly string[] {
  return readWords(place, "a rule like `ACME_ID`, `/acme-[0-9]+/` or `no-env`");
}

function readPorts(place: YamlPlace): NonNullable<CassetteHeader["ports"]> {
  return Object.fromEntries(
    [...readEntries(place, "a map of ports like `80/tcp`")].map(([port, voice]) => [
      readPort(port, place),
      readVoice(voice),
    ]),
  );
}

function readPort(port: string, ports: YamlPlace): string {
  if (/^\d{1,5}\/tcp$/.test(port)) return port;
  throw createShapeError(
    findKey(ports, port) ?? ports,
    `a port of a container is written like \`80/tcp\`, got \`${port}\``,
  );
}

function readVoice(place: YamlPlace): PortVoice {
  const fields = readFields(place, ["greets", "answers"], "a port");
  return {
    ...readOptional("greets", fields.get("greets"), readPayload),
    ...readOptional("answers", fields.get("answers"), readPayload),
  };
}

/** Read before anything else: a newer version may have any text. */
function readVersion(source: SourceText): number {
  const start = findFirstContent(source.text);
  MAGIC.lastIndex = start;
  const match = MAGIC.exec(source.text);
  if (match === null) throw createNotACassetteError(source.file, "its first key is not `whalesong`");
  const text = (match[1] as string).trim();
  const version = /^[1-9]\d{0,5}$/.test(text) ? Number(text) : undefined;
  if (version !== undefined && version <= FORMAT_VERSION) return version;
  throw createErrorAt(source, start, "WHALESONG_CASSETTE_VERSION", describeVersionFault(text, version));
}

function describeVersionFault(text: string, version: number | undefined): string {
  if (version === undefined)
    return `\`whalesong\` must be the version of the format, \`${FORMAT_VERSION}\`, got \`${text}\``;
  return `written by a newer whalesong (format ${version}, this one reads up to ${FORMAT_VERSION}); update this one: \`npm install -D whalesong@latest\``;
}

export function createNotACassetteError(file: string, reason: string): CassetteError {
  const message = `${file}:1:1  not a cassette: ${reason} (a cassette begins with \`whalesong: ${FORMAT_VERSION}\`)`;
  return new CassetteError("WHALESONG_NOT_A_CASSETTE", message, { fields: { file, line: 1, column: 1 } });
}

function readRecorded(place: YamlPlace): NonNullable<CassetteHeader["recorded"]> {
  const fields = readFields(place, RECORDED_KEYS, "`recorded`");
  return Object.fromEntries([...fields].map(([key, value]) => [key, readText(value)]));
}

function readOptionalWords(place: YamlPlace | undefined, expected: string): readonly string[] {
  return place === undefined ? [] : readWords(place, expected);
}
