import type { PlacedExchange } from "./place-exchanges.ts";

const MARK_LINE = /^\s*- mark: (\S+)\s*$/gm;

/** The names of marks in streams of events, read from the cassette's text when they are first asked for. */
export function createEventMarks(exchanges: readonly PlacedExchange[]): () => ReadonlySet<string> {
  let marks: ReadonlySet<string> | undefined;
  return () => {
    marks ??= new Set(
      exchanges
        .filter(({ operation }) => operation.name === "SystemEvents")
        .flatMap(({ entry }) => Array.from(entry.readText().matchAll(MARK_LINE), ([, name]) => name as string)),
    );
    return marks;
  };
}
