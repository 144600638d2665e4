/** Puts today's values into the messages of a recorded build, where its client reads the recorded ones. */
import { findTraceMessage, formatTraceLine } from "../../cassette/build/trace-line.ts";
import type { Bindings } from "../../match/bindings.ts";
import { BUILDKIT_SCHEMA } from "../../wire/buildkit/buildkit-schema.ts";
import { BUILDKIT_METHODS } from "../../wire/buildkit/services.ts";
import { decodeMessage } from "../../wire/protobuf/decode-message.ts";
import { encodeMessage } from "../../wire/protobuf/encode-message.ts";
import type { ProtobufValue } from "../../wire/protobuf/protobuf-value.ts";
import { HTTP_BUILD, STATUS } from "./build-methods.ts";

const CRLF = Buffer.from("\r\n");

/** @param bytes a message that answers a call of this method */
export function substituteInAnswer(method: string, bytes: Buffer, bindings: Bindings): Buffer {
  if (bindings.isEmpty) return bytes;
  if (method === HTTP_BUILD) return substituteInLine(bytes, bindings);
  const type = BUILDKIT_METHODS.get(method)?.response;
  return type === undefined ? bytes : substituteInMessage(type, bytes, bindings);
}

/** Lengths stand before texts: the message is decoded and encoded again where it has a recorded value. */
function substituteInMessage(type: string, bytes: Buffer, bindings: Bindings): Buffer {
  if (substituteInBytes(bytes, bindings) === bytes) return bytes;
  const message = decodeMessage(BUILDKIT_SCHEMA, type, bytes);
  return encodeMessage(BUILDKIT_SCHEMA, type, substituteInValue(message, bindings) as typeof message);
}

function substituteInLine(line: Buffer, bindings: Bindings): Buffer {
  const trace = findTraceMessage(line.subarray(0, -CRLF.length));
  if (trace === undefined) return substituteInBytes(line, bindings);
  const type = BUILDKIT_METHODS.get(STATUS)?.response ?? "";
  return Buffer.concat([formatTraceLine(substituteInMessage(type, trace, bindings)), CRLF]);
}

function substituteInValue(value: ProtobufValue, bindings: Bindings): ProtobufValue {
  if (typeof value === "string") return bindings.toToday(value);
  if (Buffer.isBuffer(value)) return substituteInBytes(value, bindings);
  if (Array.isArray(value)) return value.map((one) => substituteInValue(one, bindings));
  if (typeof value !== "object") return value;
  const members = Object.entries(value).map(([name, one]) => [name, substituteInValue(one, bindings)]);
  return Object.fromEntries(members);
}

/** The same buffer where nothing changes. */
function substituteInBytes(bytes: Buffer, bindings: Bindings): Buffer {
  const text = bytes.toString("latin1");
  const today = bindings.toTodayLatin1(text);
  return today === text ? bytes : Buffer.from(today, "latin1");
}
