/** The names that documents of a cassette give, and those that they refer to. */
import type { Exchange, StreamEvent } from "../cassette/model.ts";

export interface ExchangeNames {
  readonly name: string | undefined;
  /** Of points of its stream. */
  readonly marks: readonly string[];
  /** `during`, cues and `until`s. */
  readonly references: readonly string[];
}

export function listExchangeNames({ name, during = [], response, stream = [] }: Exchange): ExchangeNames {
  const select = (...kinds: StreamEvent["kind"][]): string[] =>
    stream.flatMap((event) => (kinds.includes(event.kind) && "name" in event ? [event.name] : []));
  return { name, marks: select("mark"), references: [...during, ...(response?.cues ?? []), ...select("cue", "until")] };
}

/** The exchange with other names in the place of its own and of those that it refers to. */
export function renameInExchange(exchange: Exchange, rename: (name: string) => string): Exchange {
  const { name, during, response, stream, ...rest } = exchange;
  return {
    ...rest,
    ...(name === undefined ? {} : { name: rename(name) }),
    ...(during === undefined ? {} : { during: during.map(rename) }),
    response: response?.cues === undefined ? response : { ...response, cues: response.cues.map(rename) },
    ...(stream === undefined ? {} : { stream: stream.map((event) => renameInEvent(event, rename)) }),
  };
}

function renameInEvent(event: StreamEvent, rename: (name: string) => string): StreamEvent {
  return event.kind === "cue" || event.kind === "mark" || event.kind === "until"
    ? { ...event, name: rename(event.name) }
    : event;
}
