/** Who answers at ports, as YAML says it. */
import { entriesOf, fieldsOf, isText, type Place, present, shapeError } from "../../../yaml/place.ts";
import { choiceOf, textOf } from "../../../yaml/values.ts";
import type { Page, PortBehaviour } from "./behaviour.ts";
import { answersOf, numberOf, textsOf } from "./read-values.ts";

const LAST_PORT = 65_535;

export function portsOf(place: Place): Record<number, PortBehaviour> {
  const ports = [...entriesOf(place, "a map of ports")].map(([port, value]) => {
    const number = Number(port);
    if (!Number.isInteger(number) || number < 1 || number > LAST_PORT) {
      throw shapeError(value, `\`${port}\` is no port; expected a number from 1 to ${LAST_PORT}`);
    }
    return [number, portOf(value)] as const;
  });
  return Object.fromEntries(ports);
}

function portOf(place: Place): PortBehaviour {
  if (isText(place)) return choiceOf(place, ["echo", "silent", "closes"]);
  const fields = fieldsOf(place, ["greets", "answers", "http"], "a port's behaviour");
  const http = fields.get("http");
  if (http !== undefined) return { http: pagesOf(http) };
  return {
    ...present("greets", fields.get("greets"), (value) => textOf(value)),
    ...present("answers", fields.get("answers"), answersOf),
  };
}

/** One page, or a map of them by path. */
function pagesOf(place: Place): Page | Record<string, Page> {
  const entries = [...entriesOf(place, "a page, or a map of pages by path")];
  if (!entries.some(([name]) => isPath(name))) return pageOf(place);
  return Object.fromEntries(entries.map(([path, value]) => [checkedPath(path, value), pageOf(value)]));
}

function isPath(name: string): boolean {
  return name.startsWith("/") || name === "*";
}

function checkedPath(path: string, place: Place): string {
  if (isPath(path)) return path;
  throw shapeError(place, `\`${path}\` is no path; expected one like \`/health\`, or \`*\``);
}

function pageOf(place: Place): Page {
  const fields = fieldsOf(place, ["status", "headers", "body"], "a page");
  return {
    ...present("status", fields.get("status"), (value) => numberOf(value, 599)),
    ...present("headers", fields.get("headers"), (value) => textsOf(value, "a header's value")),
    ...present("body", fields.get("body"), (value) => textOf(value)),
  };
}
