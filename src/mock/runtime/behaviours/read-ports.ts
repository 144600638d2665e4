/** Reads the ports of a behaviour from YAML. */
import { entriesOf, fieldsOf, isText, type Place, present, shapeError } from "../../../yaml/place.ts";
import { choiceOf, textOf } from "../../../yaml/values.ts";
import type { HttpPage, PortBehaviour } from "./behaviour.ts";
import { readAnswers, readNumber, readTexts } from "./read-values.ts";

const LAST_PORT = 65_535;

export function readPorts(place: Place): Record<number, PortBehaviour> {
  const ports = [...entriesOf(place, "a map of ports")].map(([port, value]) => {
    const number = Number(port);
    if (!Number.isInteger(number) || number < 1 || number > LAST_PORT) {
      throw shapeError(value, `\`${port}\` is no port; expected a number from 1 to ${LAST_PORT}`);
    }
    return [number, readPort(value)] as const;
  });
  return Object.fromEntries(ports);
}

function readPort(place: Place): PortBehaviour {
  if (isText(place)) return choiceOf(place, ["echo", "silent", "closes"]);
  const fields = fieldsOf(place, ["greets", "answers", "http"], "a port's behaviour");
  const http = fields.get("http");
  if (http !== undefined) return { http: readPages(http) };
  return {
    ...present("greets", fields.get("greets"), (value) => textOf(value)),
    ...present("answers", fields.get("answers"), readAnswers),
  };
}

/** One page, or a map of them by path. */
function readPages(place: Place): HttpPage | Record<string, HttpPage> {
  const entries = [...entriesOf(place, "a page, or a map of pages by path")];
  if (!entries.some(([name]) => isPath(name))) return readPage(place);
  return Object.fromEntries(entries.map(([path, value]) => [checkPath(path, value), readPage(value)]));
}

function isPath(name: string): boolean {
  return name.startsWith("/") || name === "*";
}

function checkPath(path: string, place: Place): string {
  if (isPath(path)) return path;
  throw shapeError(place, `\`${path}\` is no path; expected one like \`/health\`, or \`*\``);
}

function readPage(place: Place): HttpPage {
  const fields = fieldsOf(place, ["status", "headers", "body"], "a page");
  return {
    ...present("status", fields.get("status"), (value) => readNumber(value, 599)),
    ...present("headers", fields.get("headers"), (value) => readTexts(value, "a header's value")),
    ...present("body", fields.get("body"), (value) => textOf(value)),
  };
}
