import type { JSX } from "preact";
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { PageComparison, PageRow } from "../view/page/page-record.ts";
import { ChangeList } from "./change-list.tsx";
import { ExchangeDetail } from "./exchange-detail.tsx";
import { ExchangeList } from "./exchange-list.tsx";
import { layOutTime } from "./lay-out-time.ts";
import { MissList } from "./miss-list.tsx";
import { type PageData, parseDetail } from "./read-data.ts";
import { type ListItem, type RowState, selectRows } from "./select-rows.ts";
import { toVisible } from "./visible-text.ts";

/** The search waits for a pause in typing: it reads all that was sent. */
const SEARCH_DELAY_MS = 150;
const PAGE_ROWS = 20;

export function App({ data }: { readonly data: PageData }): JSX.Element {
  const { facts, rows, details } = data;
  const [query, setQuery] = useState("");
  const [isFolded, setFolded] = useState(true);
  const [isGrouped, setGrouped] = useState(false);
  const [selected, select] = useSelection(rows);
  const search = useRef<HTMLInputElement>(null);
  const getState = useMemo(() => createStates(data), [data]);
  const times = useMemo(() => layOutTime(rows), [rows]);
  const items = useMemo(
    () => selectRows({ rows, details, getState }, { query, isFolded, isGrouped }),
    [rows, details, getState, query, isFolded, isGrouped],
  );
  useKeys(items, selected, select, search);
  const row = rows[selected];
  const readDetail = useCallback((index: number) => parseDetail(details[index] ?? "{}"), [details]);
  const detail = useMemo(() => (row === undefined ? undefined : readDetail(selected)), [row, readDetail, selected]);
  return (
    <div class="page">
      <header>
        <h1>{toVisible(facts.file)}</h1>
        <p class="facts">{toVisible(facts.facts.join(" \u00b7 "))}</p>
        <ThemeButton />
        {facts.comments.length > 0 && <p class="comments">{toVisible(facts.comments.join(" "))}</p>}
      </header>
      <nav aria-label="Exchanges">
        <div class="tools">
          <SearchField onSearch={setQuery} field={search} />
          <label>
            <input type="checkbox" checked={isFolded} onChange={() => setFolded(!isFolded)} /> fold polls
          </label>
          <label>
            <input type="checkbox" checked={isGrouped} onChange={() => setGrouped(!isGrouped)} /> by container
          </label>
          <output>
            {countRows(items)} of {rows.length}
          </output>
        </div>
        {facts.report !== undefined && <MissList report={facts.report} rows={rows} onSelect={select} />}
        {facts.comparison !== undefined && <ChangeList comparison={facts.comparison} rows={rows} onSelect={select} />}
        <ExchangeList {...{ items, rows, times, selected, getState }} onSelect={select} />
        <p class="keys">
          <kbd>j</kbd> <kbd>k</kbd> next, previous <kbd>/</kbd> search <kbd>Esc</kbd> clear
        </p>
      </nav>
      <main>
        {row !== undefined && detail !== undefined ? (
          <ExchangeDetail
            key={selected}
            {...{ row, detail, rows, facts, readDetail }}
            folded={findFolded(items, selected)}
            onSelect={select}
          />
        ) : (
          <p class="empty">{rows.length === 0 ? "The cassette has no exchanges." : "Choose an exchange."}</p>
        )}
      </main>
    </div>
  );
}

function SearchField(props: {
  readonly onSearch: (query: string) => void;
  readonly field: { current: HTMLInputElement | null };
}): JSX.Element {
  const timer = useRef<number>();
  const change = (text: string): void => {
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => props.onSearch(text), SEARCH_DELAY_MS);
  };
  return (
    <input
      type="search"
      ref={props.field}
      aria-label="Search, or filter by status: method: container: kind: name: is:"
      placeholder="search, or status:404"
      onInput={(event) => change(event.currentTarget.value)}
    />
  );
}

function ThemeButton(): JSX.Element {
  const change = (): void => {
    const root = document.documentElement;
    const isDark =
      root.dataset.theme === "dark" ||
      (root.dataset.theme === undefined && matchMedia("(prefers-color-scheme: dark)").matches);
    root.dataset.theme = isDark ? "light" : "dark";
  };
  return (
    <button type="button" class="theme" onClick={change}>
      dark / light
    </button>
  );
}

/** The chosen row, which the address names: `#16` is the sixteenth exchange. */
function useSelection(rows: readonly PageRow[]): readonly [number, (index: number) => void] {
  const read = useCallback((): number => {
    const number = Number(location.hash.slice(1));
    return Math.max(
      rows.findIndex((row) => row.number === number),
      0,
    );
  }, [rows]);
  const [selected, setSelected] = useState(read);
  useEffect(() => {
    const follow = (): void => setSelected(read());
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, [read]);
  const select = useCallback(
    (index: number) => {
      setSelected(index);
      history.replaceState(null, "", `#${rows[index]?.number ?? ""}`);
    },
    [rows],
  );
  return [selected, select];
}

function useKeys(
  items: readonly ListItem[],
  selected: number,
  select: (index: number) => void,
  search: { readonly current: HTMLInputElement | null },
): void {
  // Keys come faster than the page is drawn: each moves on from where the one before has moved to.
  const position = useRef(selected);
  position.current = selected;
  useEffect(() => {
    const indexes = items.flatMap((item) => (item.kind === "row" ? [item.index] : []));
    const move = (by: number): void => {
      const at = indexes.indexOf(position.current);
      const next = indexes[at === -1 ? 0 : Math.min(Math.max(at + by, 0), indexes.length - 1)];
      if (next === undefined) return;
      position.current = next;
      select(next);
    };
    const press = (event: KeyboardEvent): void => {
      const field = search.current;
      if (event.key === "Escape" && field !== null && document.activeElement === field) {
        field.value = "";
        field.dispatchEvent(new Event("input"));
        field.blur();
      }
      if (isTyping(event)) return;
      const step = STEPS[event.key];
      if (event.key === "/") field?.focus();
      else if (step === undefined) return;
      else move(step);
      event.preventDefault();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [items, select, search]);
}

const STEPS: Readonly<Record<string, number>> = {
  j: 1,
  k: -1,
  g: Number.NEGATIVE_INFINITY,
  G: Number.POSITIVE_INFINITY,
  PageDown: PAGE_ROWS,
  PageUp: -PAGE_ROWS,
};

/** A field takes its letters, and a shortcut of the browser its keys. */
function isTyping({ target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey) return true;
  return (
    target instanceof HTMLElement &&
    (target.closest(".xterm") !== null || (target instanceof HTMLInputElement && target.type !== "checkbox"))
  );
}

/** How a replay went for each row, if there is a report of one. */
function createStates({ facts: { report, comparison } }: PageData): (row: PageRow) => RowState {
  if (report === undefined) return createChanges(comparison);
  const unplayed = new Set(report.unplayed);
  const missed = new Set(report.missed.flatMap(({ line }) => line ?? []));
  return ({ line }) => (missed.has(line) ? "missed" : unplayed.has(line) ? "unplayed" : "played");
}

/** How each row differs from another recording, if the page compares two. */
function createChanges(comparison: PageComparison | undefined): (row: PageRow) => RowState {
  if (comparison === undefined) return () => undefined;
  const changed = new Set(comparison.changed.map(({ line }) => line));
  const came = new Set(comparison.came);
  return ({ line }) => (changed.has(line) ? "changed" : came.has(line) ? "came" : "same");
}

function countRows(items: readonly ListItem[]): number {
  return items.reduce((count, item) => count + (item.kind === "row" ? 1 + item.folded.length : 0), 0);
}

function findFolded(items: readonly ListItem[], selected: number): readonly number[] {
  const item = items.find((each) => each.kind === "row" && each.index === selected);
  return item?.kind === "row" ? item.folded : [];
}
