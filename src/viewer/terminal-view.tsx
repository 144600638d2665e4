import { Terminal } from "@xterm/xterm";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { StreamRecord } from "../view/digest/exchange-record.ts";

const COLUMNS = 80;
const ROWS = 24;
const LEAST_ROWS = 4;
const MOST_ROWS = 40;
/** Pauses are played as recorded, but none longer. */
const LONGEST_PAUSE_MS = 1000;

interface TerminalProps {
  readonly events: readonly StreamRecord[];
  readonly size: readonly [columns: number, rows: number] | undefined;
}

/** A terminal that shows a session up to a moment, which a slider chooses. Nothing that it would answer goes anywhere. */
export function TerminalView({ events, size = [COLUMNS, ROWS] }: TerminalProps): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const [position, setPosition] = useState(events.length);
  const [isPlaying, setPlaying] = useState(false);
  const [columns] = size;
  const rows = chooseRows(events, size[1]);
  useEffect(() => {
    if (host.current === null) return undefined;
    const terminal = new Terminal({
      cols: columns,
      rows,
      disableStdin: true,
      fontSize: 13,
      theme: THEME,
      screenReaderMode: false,
    });
    terminal.open(host.current);
    for (const event of events.slice(0, position)) terminal.write(toTerminalBytes(event));
    return () => terminal.dispose();
  }, [events, position, columns, rows]);
  useEffect(() => {
    if (!isPlaying) return undefined;
    if (position >= events.length) return setPlaying(false);
    const pause = (events[position]?.at ?? 0) - (events[position - 1]?.at ?? 0);
    const timer = setTimeout(() => setPosition(position + 1), Math.min(Math.max(pause, 0), LONGEST_PAUSE_MS));
    return () => clearTimeout(timer);
  }, [isPlaying, position, events]);
  const play = (): void => {
    if (!isPlaying && position >= events.length) setPosition(0);
    setPlaying(!isPlaying);
  };
  return (
    <div class="terminal">
      <div ref={host} class="screen" />
      <div class="player">
        <button type="button" onClick={play}>
          {isPlaying ? "pause" : "play"}
        </button>
        <input
          type="range"
          min={0}
          max={events.length}
          value={position}
          aria-label="Moment of the session"
          aria-valuetext={`${position} of ${events.length} events`}
          onInput={(event) => setPosition(Number(event.currentTarget.value))}
        />
        <output>+{events[Math.max(position - 1, 0)]?.at ?? 0} ms</output>
      </div>
    </div>
  );
}

const POSITIONS = new RegExp(`${String.fromCharCode(27)}\\[(?:[\\d;]*[Hfdr]|\\?1049)`);

/** As many rows as were used, where nothing was placed on the screen by its row. */
function chooseRows(events: readonly StreamRecord[], rows: number): number {
  const text = events.map((event) => event.text ?? "").join("");
  const used = POSITIONS.test(text) ? rows : text.split("\n").length + 1;
  return Math.min(Math.max(used, LEAST_ROWS), rows, MOST_ROWS);
}

const THEME = { background: "#16181d", foreground: "#d8dee9", cursor: "#d8dee9" };

function toTerminalBytes({ text, base64 }: StreamRecord): string | Uint8Array {
  if (base64 === undefined) return text ?? "";
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
