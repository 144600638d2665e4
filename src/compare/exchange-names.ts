/** The names that documents of a cassette give, and those that they refer to. */
import type { Exchange, RecordedResponse, StreamEvent } from "../cassette/model.ts";

export interface ExchangeNames {
  readonly name: string | undefined;
  /** Of points of its stream. */
  readonly marks: readonly string[];
  /** `during`, cues and `until`s. */
  readonly references: readonly string[];
  /** Those of them that hold its answer back: cues and `until`s. */
  readonly waits: readonly string[];
}

export function listExchangeNames({ name, during = [], response, stream = [] }: Exchange): ExchangeNames {
  const select = (...kinds: StreamEvent["kind"][]): string[] =>
    stream.flatMap((event) => (kinds.includes(event.kind) && "name" in event ? [event.name] : []));
  const waits = [...(response?.cues ?? []), ...(response?.untils ?? []), ...select("cue", "until")];
  return { name, marks: select("mark"), references: [...during, ...waits], waits };
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
