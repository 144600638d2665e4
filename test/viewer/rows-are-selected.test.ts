import { describe, expect, test } from "vitest";
import type { PageRow } from "../../src/view/page/page-record.ts";
import { layOutTime } from "../../src/viewer/lay-out-time.ts";
import { type RowFilter, type RowState, selectRows } from "../../src/viewer/select-rows.ts";

function createRow(number: number, parts: Partial<PageRow> = {}): PageRow {
  const plain = {
    line: number * 10,
    method: "GET",
    verb: "inspect",
    subject: "web",
    detail: "",
    status: "200",
    outcome: "",
  };
  return { number, ...plain, hasFailed: false, role: "read", kinds: [], track: [0], marks: [], ...parts };
}

const ROWS = [
  createRow(1, { verb: "ping", subject: "", role: "free" }),
  createRow(2, { method: "POST", verb: "create", role: "change", container: "web" }),
  createRow(3, { container: "web", outcome: "running" }),
  createRow(4, { container: "db", subject: "db", outcome: "running" }),
  createRow(5, { container: "web", outcome: "running" }),
  createRow(6, { container: "web", outcome: "exited (1)" }),
  createRow(7, { container: "web", outcome: "running" }),
  createRow(8, {
    method: "DELETE",
    verb: "delete",
    role: "change",
    container: "web",
    status: "409",
    hasFailed: true,
    name: "gone",
  }),
  createRow(9, { container: "web", outcome: "running", kinds: ["stdin"], role: "long" }),
];

const SEARCHED = ROWS.map(({ number }) => (number === 4 ? '{"secret":"NEEDLE"}' : "{}"));

function select(filter: Partial<RowFilter>, getState: () => RowState = () => undefined): string[] {
  const items = selectRows(
    { rows: ROWS, details: SEARCHED, getState },
    { query: "", isFolded: false, isGrouped: false, ...filter },
  );
  return items.map((item) =>
    item.kind === "group" ? `${item.title}:` : [item.index, ...item.folded].map((at) => at + 1).join("+"),
  );
}

describe("selectRows", () => {
  test.each([
    ["status:4", ["8"]],
    ["method:post", ["2"]],
    ["container:DB", ["4"]],
    ["kind:stdin", ["9"]],
    ["name:go", ["8"]],
    ["is:failed", ["8"]],
    ["is:missed", []],
    ["needle", ["4"]],
    ["running container:web status:2", ["3", "5", "7", "9"]],
    ["other:x", []],
    ["  ", ROWS.map(({ number }) => `${number}`)],
  ])("filters by %j", (query, numbers) => {
    expect(select({ query })).toEqual(numbers);
  });

  test("finds how a replay went", () => {
    expect(select({ query: "is:played status:4" }, () => "played")).toEqual(["8"]);
  });

  test("folds polls between changes, while the outcome is the same as the latest one's", () => {
    expect(select({ isFolded: true })).toEqual(["1", "2", "3+5", "4", "6", "7", "8", "9"]);
  });

  test("groups by container", () => {
    expect(select({ isGrouped: true, isFolded: true })).toEqual([
      "the daemon:",
      "1",
      "web:",
      "2",
      "3+5",
      "6",
      "7",
      "8",
      "9",
      "db:",
      "4",
    ]);
  });
});

describe("layOutTime", () => {
  test("a stream ends behind what it waited for, and a mark lets another one end", () => {
    const rows = [
      createRow(1, { role: "long", track: [0, "start", 100], marks: ["said"] }),
      createRow(2, { role: "long", track: [0, "start", "@said", 50] }),
      createRow(3, { role: "change", name: "start", track: [200] }),
      createRow(4),
    ];
    const [attach, wait, start, last] = layOutTime(rows);
    expect(attach?.start).toBe(0);
    expect(attach?.end).toBeGreaterThan(start?.start as number);
    expect(wait?.end).toBeGreaterThan(attach?.end as number);
    expect(last?.start).toBeGreaterThan(start?.start as number);
    expect(Math.max(...[attach, wait, start, last].map((time) => time?.end ?? 0))).toBe(1);
  });

  test("a mark further down, and a name that no exchange has, harm nothing", () => {
    const rows = [
      createRow(1, { role: "long", track: [0, "@late", "lost"] }),
      createRow(2, { role: "long", track: [5000], marks: ["late"] }),
    ];
    const [one, other] = layOutTime(rows);
    expect(one?.end).toBe(other?.end);
    expect(layOutTime([])).toEqual([]);
  });
});
