/** Which rows the list shows: filtered, folded, grouped. */
import type { PageRow } from "../view/page/page-record.ts";

export type RowState = "played" | "unplayed" | "missed" | "changed" | "came" | "same" | undefined;

export interface RowFilter {
  /** `status:4 method:POST container:web kind:stdin name:start is:failed`, and words. */
  readonly query: string;
  readonly isFolded: boolean;
  readonly isGrouped: boolean;
}

/** A line of the list. */
export type ListItem =
  | { readonly kind: "group"; readonly title: string; readonly count: number }
  | {
      readonly kind: "row";
      /** The place among the rows. */
      readonly index: number;
      /** The places of repeated polls that are folded into it. */
      readonly folded: readonly number[];
    };

type Test = (index: number) => boolean;

export interface RowSource {
  readonly rows: readonly PageRow[];
  readonly details: readonly string[];
  readonly getState: (row: PageRow) => RowState;
}

export function selectRows(source: RowSource, { query, isFolded, isGrouped }: RowFilter): readonly ListItem[] {
  const tests = query.split(/\s+/).flatMap((word) => (word === "" ? [] : [createTest(word, source)]));
  const found = source.rows.flatMap((_, index) => (tests.every((test) => test(index)) ? [index] : []));
  const items = isFolded
    ? foldPolls(found, source.rows)
    : found.map((index) => ({ kind: "row", index, folded: [] }) as const);
  return isGrouped ? groupByContainer(items, source.rows) : items;
}

/** A key and a colon is a filter, any other word is searched for in all that was sent. */
function createTest(word: string, { rows, details, getState }: RowSource): Test {
  const [, key = "", value = ""] = /^(status|method|container|kind|name|is):(.+)$/i.exec(word.toLowerCase()) ?? [];
  const test = KEYS[key];
  if (test !== undefined) return (index) => test(rows[index] as PageRow, value, getState(rows[index] as PageRow));
  const text = word.toLowerCase();
  return (index) =>
    toText(rows[index] as PageRow).includes(text) || (details[index] ?? "").toLowerCase().includes(text);
}

const KEYS: Readonly<Record<string, (row: PageRow, value: string, state: RowState) => boolean>> = {
  status: ({ status }, value) => status.toLowerCase().startsWith(value),
  method: ({ method }, value) => method.toLowerCase() === value,
  container: ({ container = "" }, value) => container.toLowerCase().includes(value),
  kind: ({ kinds }, value) => kinds.includes(value),
  name: ({ name = "" }, value) => name.toLowerCase().startsWith(value),
  is: ({ hasFailed }, value, state) => (value === "failed" ? hasFailed : state === value),
};

function toText({ method, verb, subject, detail, status, outcome, name = "" }: PageRow): string {
  return [method, verb, subject, detail, status, outcome, name].join(" ").toLowerCase();
}

/** A read joins its latest like, if no change lies between and the outcome is the same. */
function foldPolls(indexes: readonly number[], rows: readonly PageRow[]): ListItem[] {
  const items: { kind: "row"; index: number; folded: number[] }[] = [];
  let open = new Map<string, { kind: "row"; index: number; folded: number[] }>();
  for (const index of indexes) {
    const row = rows[index] as PageRow;
    const isPoll = (row.role === "read" || row.role === "free") && row.kinds.length === 0 && row.name === undefined;
    if (!isPoll) open = new Map();
    const title = [row.method, row.verb, row.subject, row.detail].join("\0");
    const like = isPoll ? open.get(title) : undefined;
    if (like !== undefined && isSameOutcome(rows[like.index] as PageRow, row)) {
      like.folded.push(index);
      continue;
    }
    const item = { kind: "row" as const, index, folded: [] };
    items.push(item);
    if (isPoll) open.set(title, item);
  }
  return items;
}

function isSameOutcome(one: PageRow, other: PageRow): boolean {
  return one.status === other.status && one.outcome === other.outcome;
}

/** What is about no container comes first. */
function groupByContainer(items: readonly ListItem[], rows: readonly PageRow[]): ListItem[] {
  const groups = new Map<string, ListItem[]>([["", []]]);
  for (const item of items) {
    const title = item.kind === "row" ? (rows[item.index]?.container ?? "") : "";
    const members = groups.get(title);
    if (members === undefined) groups.set(title, [item]);
    else members.push(item);
  }
  return [...groups].flatMap(([title, members]) =>
    members.length === 0 ? [] : [{ kind: "group", title: title || "the daemon", count: members.length }, ...members],
  );
}
