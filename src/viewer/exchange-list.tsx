import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from "@tanstack/virtual-core";
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useReducer, useRef, useState } from "preact/hooks";
import type { PageRow } from "../view/page/page-record.ts";
import type { RowTime } from "./lay-out-time.ts";
import type { ListItem, RowState } from "./select-rows.ts";
import { toVisible } from "./visible-text.ts";

const ROW_HEIGHT = 28;
const OVERSCAN = 12;

interface ListProps {
  readonly items: readonly ListItem[];
  readonly rows: readonly PageRow[];
  readonly times: readonly RowTime[];
  readonly selected: number;
  readonly getState: (row: PageRow) => RowState;
  readonly onSelect: (index: number) => void;
}

/** Only the rows that are seen are in the page: a cassette may have a hundred thousand. */
export function ExchangeList({ items, rows, times, selected, getState, onSelect }: ListProps): JSX.Element {
  const scroll = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer(items.length, scroll);
  const position = items.findIndex((item) => item.kind === "row" && item.index === selected);
  useEffect(() => {
    if (position !== -1) virtualizer.scrollToIndex(position, { align: "auto" });
  }, [position, virtualizer]);
  return (
    <div
      class="list"
      ref={scroll}
      role="listbox"
      aria-label="Exchanges"
      tabIndex={0}
      aria-activedescendant={position === -1 ? undefined : `row-${selected}`}
      onKeyDown={(event) => moveByArrows(event, items, position, onSelect)}
    >
      <div role="presentation" class="rows" style={{ height: `${virtualizer.getTotalSize()}px` }}>
        <CueArrows {...{ items, rows, position }} />
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const item = items[index] as ListItem;
          const style = { transform: `translateY(${start}px)`, height: `${ROW_HEIGHT}px` };
          if (item.kind === "group")
            return <GroupTitle key={`group-${item.title}`} title={item.title} count={item.count} style={style} />;
          const row = rows[item.index] as PageRow;
          return (
            <ExchangeRow
              key={item.index}
              {...{ row, index: item.index, style }}
              time={times[item.index] as RowTime}
              count={item.folded.length + 1}
              isSelected={item.index === selected}
              state={getState(row)}
              onSelect={onSelect}
            />
          );
        })}
      </div>
    </div>
  );
}

function moveByArrows(
  event: KeyboardEvent,
  items: readonly ListItem[],
  position: number,
  onSelect: (index: number) => void,
): void {
  const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (by === 0) return;
  event.preventDefault();
  for (let at = position + by; at >= 0 && at < items.length; at += by) {
    const item = items[at];
    if (item?.kind !== "row") continue;
    onSelect(item.index);
    return;
  }
}

function GroupTitle({
  title,
  count,
  style,
}: {
  readonly title: string;
  readonly count: number;
  readonly style: JSX.CSSProperties;
}): JSX.Element {
  return (
    <div class="group" role="presentation" style={style}>
      {toVisible(title)} <span class="count">{count}</span>
    </div>
  );
}

interface RowProps {
  readonly row: PageRow;
  readonly index: number;
  readonly time: RowTime;
  readonly style: JSX.CSSProperties;
  readonly count: number;
  readonly isSelected: boolean;
  readonly state: RowState;
  readonly onSelect: (index: number) => void;
}

const STATE_MARKS = {
  played: "\u2713",
  unplayed: "\u2013",
  missed: "\u2717",
  changed: "\u2260",
  came: "+",
  same: "",
} as const;

function ExchangeRow({ row, index, time, style, count, isSelected, state, onSelect }: RowProps): JSX.Element {
  const { number, method, verb, subject, detail, status, outcome, hasFailed, role } = row;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the keys
    <div
      id={`row-${index}`}
      class={`row ${role} ${state ?? ""}`}
      role="option"
      tabIndex={-1}
      aria-selected={isSelected}
      style={style}
      onClick={() => onSelect(index)}
    >
      <span class="number">{number}</span>
      {state !== undefined && (
        <span class="state" title={state}>
          {STATE_MARKS[state]}
        </span>
      )}
      <span class={`method ${method}`}>{toVisible(method)}</span>
      <span class="title">
        {/* The count comes before what may be cut off. */}
        <b>{toVisible(verb)}</b> {subject !== "" && <span class="subject">{toVisible(subject)}</span>}{" "}
        {count > 1 && <span class="count">{`\u00d7 ${count}`}</span>} <span class="more">{toVisible(detail)}</span>
      </span>
      <span class="end">
        <span class={`status ${hasFailed ? "failed" : "good"}`}>{toVisible(status)}</span> {toVisible(outcome)}
      </span>
      <span class="time" aria-hidden="true">
        <i
          style={{
            left: `${time.start * 100}%`,
            width: `${Math.max((time.end - time.start) * 100, 1)}%`,
          }}
        />
      </span>
    </div>
  );
}

/** From the chosen row to the requests that its stream waits for, and from those that wait for it. */
function CueArrows({
  items,
  rows,
  position,
}: {
  readonly items: readonly ListItem[];
  readonly rows: readonly PageRow[];
  readonly position: number;
}): JSX.Element | null {
  const item = items[position];
  if (item?.kind !== "row") return null;
  const places = items.flatMap((other, at) =>
    other.kind === "row" && isCued(rows[item.index], rows[other.index]) ? [at] : [],
  );
  if (places.length === 0) return null;
  const center = (at: number): number => at * ROW_HEIGHT + ROW_HEIGHT / 2;
  const near = places.filter((at) => Math.abs(at - position) < 200);
  return (
    <svg class="arrows" aria-hidden="true" height={items.length * ROW_HEIGHT}>
      {near.map((at) => (
        <path key={at} d={`M 8 ${center(position)} C 0 ${center(position)}, 0 ${center(at)}, 8 ${center(at)}`} />
      ))}
      {near.map((at) => (
        <circle key={at} cx="8" cy={center(at)} r="3" />
      ))}
    </svg>
  );
}

function isCued(one: PageRow | undefined, other: PageRow | undefined): boolean {
  if (one === undefined || other === undefined || one === other) return false;
  const waits = (row: PageRow, name: string | undefined): boolean => name !== undefined && row.track.includes(name);
  return waits(one, other.name) || waits(other, one.name);
}

function useVirtualizer(
  count: number,
  scroll: { readonly current: HTMLDivElement | null },
): Virtualizer<HTMLDivElement, Element> {
  const [, redraw] = useReducer((drawn: number) => drawn + 1, 0);
  const options = {
    count,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange: () => redraw(0),
  };
  const [virtualizer] = useState(() => new Virtualizer<HTMLDivElement, Element>(options));
  virtualizer.setOptions(options);
  useLayoutEffect(() => virtualizer._didMount(), [virtualizer]);
  useLayoutEffect(() => virtualizer._willUpdate());
  return virtualizer;
}
