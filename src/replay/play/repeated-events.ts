import type { StreamEvent } from "../../cassette/model.ts";

/** Kinds of events that a `repeat` plays again: the daemon's output and its pauses. A new kind must decide here, too. */
const IS_REPEATED: Readonly<Record<StreamEvent["kind"], boolean>> = {
  frames: true,
  message: true,
  bytes: true,
  file: true,
  wait: true,
  stdin: false,
  ws: false,
  cue: false,
  mark: false,
  until: false,
  eof: false,
  reset: false,
  cut: false,
  hold: false,
  repeat: false,
};

/** The events above the `repeat` of a stream that are played again. */
export function selectRepeated(events: readonly StreamEvent[]): readonly StreamEvent[] {
  const end = events.findIndex(({ kind }) => kind === "repeat");
  return events.slice(0, end).filter(({ kind }) => IS_REPEATED[kind]);
}
