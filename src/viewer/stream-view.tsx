import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import type { StreamRecord } from "../view/digest/exchange-record.ts";
import type { PageRow } from "../view/page/page-record.ts";
import { JsonTree } from "./json-tree.tsx";
import { TerminalView } from "./terminal-view.tsx";
import { toVisible } from "./visible-text.ts";

const SHOWN_EVENTS = 200;

interface StreamProps {
  readonly events: readonly StreamRecord[];
  readonly size: readonly [columns: number, rows: number] | undefined;
  readonly rows: readonly PageRow[];
  readonly onSelect: (index: number) => void;
}

/** A stream: its terminal, if it has one, and every event. */
export function StreamView({ events, size, rows, onSelect }: StreamProps): JSX.Element {
  const [shown, setShown] = useState(SHOWN_EVENTS);
  const screen = events.filter(({ stream }) => stream === "tty");
  return (
    <>
      {screen.length > 0 && <TerminalView events={screen} size={size} />}
      <EventList isOpen={screen.length === 0} count={events.length}>
        <ol class="events" aria-label="Events">
          {events.slice(0, shown).map((event, at) => (
            <li key={at} class={event.stream ?? event.kind}>
              <span class="at">+{event.at}</span>
              <span class="lane">{event.kind === "eof" ? "end" : (event.stream ?? event.kind)}</span>
              <EventText event={event} rows={rows} onSelect={onSelect} />
            </li>
          ))}
        </ol>
      </EventList>
      {events.length > shown && (
        <button type="button" onClick={() => setShown(shown * 10)}>
          {events.length - shown} more events
        </button>
      )}
    </>
  );
}

/** Beneath a terminal the single events are rarely looked at. */
function EventList(props: {
  readonly isOpen: boolean;
  readonly count: number;
  readonly children: ComponentChildren;
}): JSX.Element {
  if (props.isOpen) return <>{props.children}</>;
  return (
    <details>
      <summary>{props.count} events</summary>
      {props.children}
    </details>
  );
}

function EventText({
  event,
  rows,
  onSelect,
}: { readonly event: StreamRecord } & Pick<StreamProps, "rows" | "onSelect">): JSX.Element {
  const { kind, name, json, text, base64, stream } = event;
  if (kind === "cue")
    return (
      <span>
        waits for <RequestLink name={name ?? ""} {...{ rows, onSelect }} />
      </span>
    );
  if (kind === "mark" || kind === "until")
    return (
      <span>
        {kind === "mark" ? "mark" : "waits for mark"} {toVisible(name ?? "")}
      </span>
    );
  if (kind === "eof") return <span>the {stream} closes</span>;
  if (json !== undefined) return <JsonTree value={json} label="message" />;
  if (base64 !== undefined)
    return <span class="bytes">{base64.length < 200 ? base64 : `${base64.slice(0, 200)}...`}</span>;
  return <pre>{toVisible(text ?? "")}</pre>;
}

/** An exchange by its name, as a link to it. */
export function RequestLink({
  name,
  rows,
  onSelect,
}: { readonly name: string } & Pick<StreamProps, "rows" | "onSelect">): JSX.Element {
  const index = rows.findIndex((row) => row.name === name);
  const row = rows[index];
  if (row === undefined) return <b>{toVisible(name)}</b>;
  return (
    <a href={`#${row.number}`} onClick={() => onSelect(index)}>
      #{row.number} {toVisible(`${row.verb} ${row.subject}`.trim())}
    </a>
  );
}
