/** The names that documents of a cassette give, and those that they refer to. */
import type { Exchange, RecordedResponse, StreamEvent } from "../cassette/model.ts";

export interface ExchangeNames {
  readonly name: string | undefined;
  /** Of points of its stream. */
  readonly marks: readonly string[];
  /** `during`, cues and `until`s. */
  readonly references: readonly string[];
  /** Those of them that hold back what the daemon sends: cues and `until`s. */
  readonly waits: readonly string[];
}

export function listExchangeNames({ name, during = [], response, stream = [] }: Exchange): ExchangeNames {
  const ofHead = [...(response?.cues ?? []), ...(response?.untils ?? [])];
  const references = [...during, ...ofHead, ...selectNames(stream, "cue", "until")];
  const sent = stream.slice(0, stream.findLastIndex(isOfDaemon) + 1);
  return {
    name,
    marks: selectNames(stream, "mark"),
    references,
    waits: [...ofHead, ...selectNames(sent, "cue", "until")],
  };
}

function selectNames(stream: readonly StreamEvent[], ...kinds: StreamEvent["kind"][]): readonly string[] {
  return stream.flatMap((event) => (kinds.includes(event.kind) && "name" in event ? [event.name] : []));
}

/** Whether the event is something that the daemon sends, or its end. */
function isOfDaemon(event: StreamEvent): boolean {
  if (event.kind === "eof") return event.side === "daemon";
  if (event.kind === "ws") return event.from === "daemon";
  return !["stdin", "wait", "cue", "mark", "until"].includes(event.kind);
}

/** The exchange with other names in the place of its own and of those that it refers to. */
export function renameInExchange(exchange: Exchange, rename: (name: string) => string): Exchange {
  const { name, during, response, stream, ...rest } = exchange;
  return {
    ...rest,
    ...(name === undefined ? {} : { name: rename(name) }),
    ...(during === undefined ? {} : { during: during.map(rename) }),
    response: response && renameInResponse(response, rename),
    ...(stream === undefined ? {} : { stream: stream.map((event) => renameInEvent(event, rename)) }),
  };
}

/** The response with other names in the place of those that its head waits for. */
export function renameInResponse(response: RecordedResponse, rename: (name: string) => string): RecordedResponse {
  const { cues, untils } = response;
  if (cues === undefined && untils === undefined) return response;
  return {
    ...response,
    ...(cues === undefined ? {} : { cues: cues.map(rename) }),
    ...(untils === undefined ? {} : { untils: untils.map(rename) }),
  };
}

function renameInEvent(event: StreamEvent, rename: (name: string) => string): StreamEvent {
  return event.kind === "cue" || event.kind === "mark" || event.kind === "until"
    ? { ...event, name: rename(event.name) }
    : event;
}
