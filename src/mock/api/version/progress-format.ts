/** The format in which an API version reports the progress of a pull, a push or a build. */

import { encodeGoJson } from "../../../wire/go-json.ts";
import type { ApiJson } from "../../model/api-json.ts";
import type { ApiVersion } from "../../model/api-version.ts";
import { downgradeTo, omitMembers, type ResponseDowngrade, type ResponseVersion } from "./downgrade.ts";

export interface ProgressFormat {
  readonly contentType: string;
  /** The message as text, or an empty string if this version does not have it. */
  readonly formatLine: (message: object) => string;
}

export const JSON_LINES: ProgressFormat = {
  contentType: "application/json",
  formatLine: (message) => `${encodeGoJson(message)}\r\n`,
};

/** Formats messages as the lines that the command line printed. */
function createTextFormat(contentType: string): ProgressFormat {
  return { contentType, formatLine: (message) => formatText(message) };
}

function formatText({ stream, error, id, status, progress }: ApiJson): string {
  if (stream !== undefined) return stream;
  if (error !== undefined) return `Error: ${error}\n`;
  if (status === undefined) return "";
  return `${id === undefined ? "" : `${id}: `}${status}${progress === undefined ? "\r\n" : ` ${progress}\r`}`;
}

const DOWNGRADES: readonly ResponseDowngrade[] = [
  { since: "1.8", downgrade: (message) => omitMembers(message, "progressDetail", "errorDetail") },
];

/** The format of pulls, pushes and inserts: text before 1.1, no `progressDetail` before 1.8, no `aux` before 1.12. */
export function selectProgressFormat(version: ResponseVersion): ProgressFormat {
  const { api } = version;
  if (!api.isLegacy) return JSON_LINES;
  if (api.isBefore("1.1")) return createTextFormat("application/vnd.docker.raw-stream");
  return {
    ...JSON_LINES,
    formatLine: (message) => ("aux" in message ? "" : JSON_LINES.formatLine(downgradeTo(version, message, DOWNGRADES))),
  };
}

/** The format of builds: JSON since 1.8. */
export function selectBuildFormat(api: ApiVersion): ProgressFormat {
  return api.isBefore("1.8") ? createTextFormat("text/plain; charset=utf-8") : JSON_LINES;
}
