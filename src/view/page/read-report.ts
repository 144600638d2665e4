/** Reads the report of a replay (`--report-file`, `--report json`) for the page of one cassette. */
import { UsageError } from "../../base/errors.ts";
import { getList, getMember, getText, getTexts, isJsonObject } from "../digest/json-value.ts";
import type { PageDifference, PageMiss, PageReport } from "./page-record.ts";

/**
 * @param text a file's text: the report is its last line that is one
 * @param path names the file in the error
 * @throws UsageError `WHALESONG_NO_REPORT` if no line is a report
 */
export function readReport(text: string, path: string): PageReport {
  const report = text.split("\n").map(parseLine).findLast(isReport);
  if (report !== undefined) return toPageReport(report);
  const message = `\`${path}\` has no report of a replay; \`whalesong replay --report-file FILE\` writes one`;
  throw new UsageError("WHALESONG_NO_REPORT", message);
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function isReport(value: unknown): boolean {
  return isJsonObject(value) && Array.isArray(value.missed) && Array.isArray(value.unplayed);
}

function toPageReport(report: unknown): PageReport {
  return {
    played: Number(getText(report, "played")),
    missed: getList(report, "missed").map(toPageMiss),
    unplayed: getTexts(report, "unplayed").flatMap((text) => toLine(text.split("  ")[0] ?? "") ?? []),
    remarks: ["stalled", "differing", "problems"].flatMap((key) => getTexts(report, key)),
  };
}

function toPageMiss(miss: unknown): PageMiss {
  const line = toLine(getText(miss, "nearest", "place"));
  return {
    method: getText(miss, "method"),
    target: getText(miss, "target"),
    differences: getList(miss, "nearest", "differences").map(toDifference),
    ...(line === undefined ? {} : { line }),
  };
}

function toDifference(difference: unknown): PageDifference {
  const [recorded, got] = [getMember(difference, "recorded"), getMember(difference, "got")];
  return {
    field: getText(difference, "field"),
    ...(typeof recorded === "string" ? { recorded } : {}),
    ...(typeof got === "string" ? { got } : {}),
  };
}

/** `web.yaml:14` is line 14. */
function toLine(place: string): number | undefined {
  const line = /:(\d+)(?::\d+)?$/.exec(place)?.[1];
  return line === undefined ? undefined : Number(line);
}
