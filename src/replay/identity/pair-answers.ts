/** Compares what two recorded exchanges answered, or what one of them has answered so far. */
import type { Exchange, RecordedBody, StreamEvent } from "../../cassette/model.ts";
import { identifyContent } from "../../cassette/sidecar-ref.ts";
import type { ValuePair } from "../../match/generated/value-pairs.ts";
import type { PlacedExchange } from "../history/place-exchanges.ts";
import type { LiveExchange } from "../run/live-exchange.ts";
import { joinPairs, pairBodies, pairTexts } from "./pair-texts.ts";

/** What a container uses and which processes it has is measured: it is never the same twice. */
const MEASUREMENTS: ReadonlySet<string> = new Set(["ContainerStats", "ContainerTop"]);

/** @returns undefined if the answers tell the two things from each other */
export function pairAnswers(one: PlacedExchange, other: PlacedExchange): readonly ValuePair[] | undefined {
  if (MEASUREMENTS.has(one.operation.name)) return [];
  const [exchange, counterpart] = [one.entry.readExchange(), other.entry.readExchange()];
  return joinPairs([pairHeads(exchange, counterpart), pairStreams(exchange, counterpart)]);
}

/** The place at which the client of a live exchange can go on with another one. */
export interface SwitchPoint {
  /** The number of the event that is played now. */
  readonly at: number;
  readonly pairs: readonly ValuePair[];
}

/** @returns undefined if the client has heard something that `other` does not say */
export function findSwitchPoint(live: LiveExchange, other: PlacedExchange): SwitchPoint | undefined {
  const [exchange, counterpart] = [live.exchange, other.entry.readExchange()];
  if (live.at === -1)
    return (exchange.response === undefined) === (counterpart.response === undefined)
      ? { at: -1, pairs: [] }
      : undefined;
  const heads = pairHeads(exchange, counterpart);
  const point = findPoint(live, counterpart.stream ?? []);
  return heads && point && { at: point.at, pairs: [...heads, ...point.pairs] };
}

function findPoint({ exchange, at, event }: LiveExchange, stream: readonly StreamEvent[]): SwitchPoint | undefined {
  const isWritten = event !== undefined && isOutput(event);
  const before = (exchange.stream ?? []).slice(0, isWritten ? at + 1 : at);
  const [transcript, waits] = [toTranscript(before), countWaits(before)];
  for (let end = 0; end <= stream.length; end += 1) {
    const other = stream.slice(0, end);
    if (countWaits(other) !== waits || !isSameState(event, stream[end])) continue;
    const pairs = pairTexts(transcript, toTranscript(other));
    if (pairs !== undefined) return { at: isStanding(event) ? end : end - 1, pairs };
  }
  return undefined;
}

/** A client that waits for an event goes on to wait for one of the same kind. */
function isSameState(event: StreamEvent | undefined, other: StreamEvent | undefined): boolean {
  if (!isStanding(event)) return event !== undefined || other === undefined;
  if (event?.kind === "ws") return JSON.stringify(event) === JSON.stringify(other);
  return event?.kind === other?.kind;
}

/** Whether the player waits for the client or for another exchange. */
function isStanding(event: StreamEvent | undefined): boolean {
  return event !== undefined && !isOutput(event) && event.kind !== "wait" && event.kind !== "mark";
}

function isOutput({ kind }: StreamEvent): boolean {
  return kind === "frames" || kind === "message" || kind === "bytes" || kind === "file";
}

function countWaits(events: readonly StreamEvent[]): number {
  return events.filter((event) => isStanding(event)).length;
}

function pairHeads({ response: one }: Exchange, { response: other }: Exchange): readonly ValuePair[] | undefined {
  if (one === undefined || other === undefined) return one === other ? [] : undefined;
  return one.status === other.status ? pairRecordedBodies(one.body, other.body) : undefined;
}

function pairRecordedBodies(
  one: RecordedBody | undefined,
  other: RecordedBody | undefined,
): readonly ValuePair[] | undefined {
  if (Buffer.isBuffer(one) && Buffer.isBuffer(other)) return pairBodies(one, other);
  if (one === undefined || other === undefined || Buffer.isBuffer(one) || Buffer.isBuffer(other)) {
    return one === other ? [] : undefined;
  }
  return identifyContent(one) === identifyContent(other) ? [] : undefined;
}

/** Of a stream that the client left, only what both have said is compared: the rest may have come later. */
function pairStreams(
  { stream: one = [] }: Exchange,
  { stream: other = [] }: Exchange,
): readonly ValuePair[] | undefined {
  const [lines, others] = [one, other].map((events) => toTranscript(events).split("\n")) as [string[], string[]];
  const isLeft = [...one, ...other].some((event) => event.kind === "eof" && event.side === "client");
  const end = isLeft ? Math.min(lines.length, others.length) : undefined;
  return pairTexts(lines.slice(0, end).join("\n"), others.slice(0, end).join("\n"));
}

/** What was said on a stream, by either side, without its pauses and without how it was cut. */
function toTranscript(events: readonly StreamEvent[]): string {
  let transcript = "";
  let side = "";
  for (const event of events) {
    const [from, text] = readText(event);
    if (text === "") continue;
    transcript += from === side ? text : `\u0002${from}\u0002${text}`;
    side = from;
  }
  return transcript;
}

function readText(event: StreamEvent): readonly [from: string, text: string] {
  switch (event.kind) {
    case "frames":
      return [event.stream, event.payload.toString("latin1")];
    case "message":
      return ["message", `${event.json.toString("latin1")}\n`];
    case "bytes":
      return ["bytes", event.bytes.toString("latin1")];
    case "file":
      return ["file", identifyContent(event.file)];
    case "stdin":
      return [
        "client",
        Buffer.isBuffer(event.content) ? event.content.toString("latin1") : JSON.stringify(event.content),
      ];
    case "ws":
      return [event.from, event.payload.toString("latin1")];
    default:
      return ["", ""];
  }
}
