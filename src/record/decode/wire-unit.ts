import type { StreamEvent } from "../../cassette/model.ts";
import { encodeMessage, type JsonMessage } from "../../wire/streams/json-stream.ts";
import { encodeFrame, FRAME_HEADER_SIZE, type StdcopyFrame } from "../../wire/streams/stdcopy.ts";

/** The smallest thing that a daemon sends at once: a frame, a message, or bytes of unknown meaning. */
export interface WireUnit {
  readonly isMessage: boolean;
  readonly size: number;
  /** Its bytes on the wire, without the chunks of HTTP. */
  wire(): Buffer;
  /** The event that stands for this unit alone. */
  readonly event: StreamEvent;
  /** Neighbours of one kind may be gathered into one event. */
  readonly isGatherable: boolean;
}

export function frameUnit({ stream, payload }: StdcopyFrame): WireUnit {
  return {
    isMessage: false,
    size: payload.length + FRAME_HEADER_SIZE,
    wire: () => encodeFrame(stream, payload),
    event: { kind: "frames", stream, payload },
    isGatherable: true,
  };
}

export function messageUnit({ dialect, json }: JsonMessage): WireUnit {
  return {
    isMessage: true,
    size: json.length + 2,
    wire: () => encodeMessage(dialect, json),
    event: { kind: "message", dialect, json },
    isGatherable: false,
  };
}

/** A piece whose limits mean something, such as a whole chunk. */
export function pieceUnit(bytes: Buffer): WireUnit {
  return { ...rawUnit(bytes, "bytes"), isGatherable: false };
}

/** Bytes of a hijack: how they were cut into reads means nothing, so they may be gathered. */
export function rawUnit(bytes: Buffer, source: "tty" | "bytes"): WireUnit {
  return {
    isMessage: false,
    size: bytes.length,
    wire: () => bytes,
    event: { kind: "bytes", isTty: source === "tty", bytes },
    isGatherable: true,
  };
}

/** The unit as one that shares its HTTP chunk with the unit behind it. */
export function joinedUnit(unit: WireUnit): WireUnit {
  return { ...unit, event: { ...unit.event, joined: true } as StreamEvent, isGatherable: false };
}

export function isJoinedUnit({ event }: WireUnit): boolean {
  return "joined" in event && event.joined === true;
}

/** The payload of a frame, or raw bytes; undefined for a message, which is a unit by what it says. */
export function readPayload({ event }: WireUnit): Buffer | undefined {
  if (event.kind === "frames") return event.payload;
  return event.kind === "bytes" ? event.bytes : undefined;
}

/** The unit with another payload: its frame, or the message's JSON. */
export function withPayload(unit: WireUnit, payload: Buffer): WireUnit {
  const { event, isGatherable } = unit;
  if (event.kind === "frames")
    return { ...frameUnit({ stream: event.stream, payload }), event: { ...event, payload }, isGatherable };
  if (event.kind === "bytes")
    return { ...rawUnit(payload, "bytes"), event: { ...event, bytes: payload }, isGatherable };
  if (event.kind !== "message") return unit;
  return {
    ...messageUnit({ dialect: event.dialect, json: payload }),
    event: { ...event, json: payload },
    isGatherable,
  };
}
