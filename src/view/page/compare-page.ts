/** The difference of two cassettes for the page, which shows the second one. */
import { basename } from "node:path";
import type { CassetteWalk } from "../../cassette/read.ts";
import type { CassetteComparison, ChangedExchange } from "../../compare/compare-cassettes.ts";
import { titleEntries } from "../comparison.ts";
import type { DigestOptions } from "../digest/digest-exchange.ts";
import type { PageComparison, PageDifference } from "./page-record.ts";

/** @param first the older recording, which the page has only the difference of */
export async function toPageComparison(
  { settings, changed, came, gone, sameCount }: CassetteComparison,
  first: CassetteWalk,
  tars: DigestOptions["tars"],
): Promise<PageComparison> {
  const titles = await titleEntries(first, gone, tars);
  return {
    first: basename(first.file),
    sameCount,
    settings: settings.map(toDifference),
    changed: changed.map((one) => ({ line: one.got.line, differences: listDifferences(one) })),
    came: came.map(({ line }) => line),
    gone: gone.map(({ index, line }) => `${titles.get(index) ?? ""}  ${basename(first.file)}:${line}`),
  };
}

function listDifferences({ request, answer }: ChangedExchange): readonly PageDifference[] {
  const inPart = (part: string, { field, ...values }: FieldValues): PageDifference =>
    toDifference({ field: `${part} ${field}`, ...values });
  return [
    ...request.map((difference) => inPart("request", difference)),
    ...answer.map((difference) => inPart("answer", difference)),
  ];
}

interface FieldValues {
  readonly field: string;
  readonly recorded?: unknown;
  readonly got?: unknown;
}

function toDifference({ field, recorded, got }: FieldValues): PageDifference {
  return {
    field,
    ...(recorded === undefined ? {} : { recorded: spell(recorded) }),
    ...(got === undefined ? {} : { got: spell(got) }),
  };
}

function spell(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}
