/** Reads the ports of a behaviour from YAML. */
import {
  createShapeError,
  isText,
  readEntries,
  readFields,
  readOptional,
  type YamlPlace,
} from "../../../yaml/place.ts";
import { readChoice, readText } from "../../../yaml/values.ts";
import type { HttpPage, PortBehaviour } from "./behaviour.ts";
import { readAnswers, readNumber, readTexts } from "./read-values.ts";

const LAST_PORT = 65_535;

export function readPorts(place: YamlPlace): Record<number, PortBehaviour> {
  const ports = [...readEntries(place, "a map of ports")].map(([port, value]) => {
    const number = Number(port);
    if (!Number.isInteger(number) || number < 1 || number > LAST_PORT) {
      throw createShapeError(value, `\`${port}\` is no port; expected a number from 1 to ${LAST_PORT}`);
    }
    return [number, readPort(value)] as const;
  });
  return Object.fromEntries(ports);
}

function readPort(place: YamlPlace): PortBehaviour {
  if (isText(place)) return readChoice(place, ["echo", "silent", "closes"]);
  const fields = readFields(place, ["greets", "answers", "http"], "a port's behaviour");
  const http = fields.get("http");
  if (http !== undefined) return { http: readPages(http) };
  return {
    ...readOptional("greets", fields.get("greets"), (value) => readText(value)),
    ...readOptional("answers", fields.get("answers"), readAnswers),
  };
}

/** One page, or a map of them by path. */
function readPages(place: YamlPlace): HttpPage | Record<string, HttpPage> {
  const entries = [...readEntries(place, "a page, or a map of pages by path")];
  if (!entries.some(([name]) => isPath(name))) return readPage(place);
  return Object.fromEntries(entries.map(([path, value]) => [checkPath(path, value), readPage(value)]));
}

function isPath(name: string): boolean {
  return name.startsWith("/") || name === "*";
}

function checkPath(path: string, place: YamlPlace): string {
  if (isPath(path)) return path;
  throw createShapeError(place, `\`${path}\` is no path; expected one like \`/health\`, or \`*\``);
}

function readPage(place: YamlPlace): HttpPage {
  const fields = readFields(place, ["status", "headers", "body"], "a page");
  return {
    ...readOptional("status", fields.get("status"), (value) => readNumber(value, 599)),
    ...readOptional("headers", fields.get("headers"), (value) => readTexts(value, "a header's value")),
    ...readOptional("body", fields.get("body"), (value) => readText(value)),
  };
}
