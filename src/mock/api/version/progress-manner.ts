/** How a version tells of what comes about: a pull, a push, a build. */
import { goJson } from "../../../wire/go-json.ts";
import type { ApiVersion } from "../../model/api-version.ts";
import { type Shape, type ShapeChange, shapeFor, without } from "../../model/shapes.ts";

export interface ProgressManner {
  readonly contentType: string;
  /** What a message is on the wire; empty where this version does not tell it. */
  readonly line: (message: object) => string;
}

export const JSON_LINES: ProgressManner = {
  contentType: "application/json",
  line: (message) => `${goJson(message)}\r\n`,
};

/** Once it was the output of a command line. */
function textLines(contentType: string): ProgressManner {
  return { contentType, line: (message) => textOf(message) };
}

function textOf({ stream, error, id, status, progress }: Shape): string {
  if (stream !== undefined) return stream;
  if (error !== undefined) return `Error: ${error}\n`;
  if (status === undefined) return "";
  return `${id === undefined ? "" : `${id}: `}${status}${progress === undefined ? "\r\n" : ` ${progress}\r`}`;
}

const CHANGES: readonly ShapeChange[] = [
  { since: "1.8", before: (message) => without(message, "progressDetail", "errorDetail") },
];

/** Of pulls, pushes and inserts: text before 1.1, no numbers before 1.8; what is told to programs is newer still. */
export function progressManner(api: ApiVersion): ProgressManner {
  if (!api.isBygone) return JSON_LINES;
  if (api.isBefore("1.1")) return textLines("application/vnd.docker.raw-stream");
  return {
    ...JSON_LINES,
    line: (message) => ("aux" in message ? "" : JSON_LINES.line(shapeFor(api, message, CHANGES))),
  };
}

/** Of builds: JSON since 1.8. */
export function buildManner(api: ApiVersion): ProgressManner {
  return api.isBefore("1.8") ? textLines("text/plain; charset=utf-8") : JSON_LINES;
}
