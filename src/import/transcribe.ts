/**
 * Tells a tape what another tool has written down, as if it passed just now: so names, cues, sidecars and secrets are
 * dealt with as in any recording.
 */

import { cutInto } from "../base/bytes.ts";
import type { Clock } from "../base/clock.ts";
import { WhalesongError } from "../base/errors.ts";
import { usualChunk } from "../cassette/chunks.ts";
import type { Observer } from "../record/observer.ts";
import { doesHijack, tongueOf } from "../record/plans.ts";
import type { Tape } from "../record/tape.ts";
import { encodeChunk, encodeLastChunk } from "../wire/body.ts";
import {
  encodeRequestHead,
  encodeResponseHead,
  fieldValue,
  type HeaderField,
  hasToken,
  type ResponseHead,
} from "../wire/head.ts";
import { parseOperation } from "../wire/operation.ts";
import { without } from "./fields.ts";
import { type Foreign, isDockers, type LeftOut, leftOut, type Told } from "./told.ts";
import { unitSizes } from "./units.ts";

const FRAMING = /^(content-length|transfer-encoding|expect|connection)$/i;
const CHUNKED: HeaderField = ["Transfer-Encoding", "chunked"];

/** Stands at the moment that is being told. */
export class ToldClock implements Clock {
  at = 0;

  now(): number {
    return this.at;
  }

  sleep(): Promise<void> {
    return Promise.resolve();
  }
}

interface Moment {
  readonly at: number;
  happen(): void;
}

/** Returns what could not be taken over. The tape's clock is the one given. */
export function transcribe(foreign: Foreign, tape: Tape, clock: ToldClock): readonly LeftOut[] {
  const left = [...foreign.leftOut];
  const moments: Moment[] = [];
  for (const one of foreign.told) {
    const why = whyNot(one);
    if (why === undefined) moments.push(...momentsOf(one, tape));
    else left.push(leftOut(one, why));
  }
  for (const { at, happen } of moments.sort((a, b) => a.at - b.at)) {
    clock.at = at;
    happen();
  }
  return left;
}

function whyNot(one: Told): string | undefined {
  if (!isDockers(one)) return "it is not of the Docker Engine API";
  const leaves = doesHijack(headOf(one, false), parseOperation(one.method, one.target));
  return leaves ? "it leaves HTTP, and what was said then was not saved" : whyNotSaid(one);
}

/** What no client and no daemon can have said. */
function whyNotSaid(one: Told): string | undefined {
  try {
    requestHead(one);
    encodeResponseHead(headOf(one, true));
    return undefined;
  } catch (error) {
    if (error instanceof WhalesongError) return error.message;
    throw error;
  }
}

/** Without times, one exchange after the other. */
function momentsOf(one: Told, tape: Tape): Moment[] {
  const observer = tape.observe();
  const { asked, answered, ended } = one.times ?? { asked: 0, answered: 0, ended: 0 };
  const isWait = parseOperation(one.method, one.target).name === "ContainerWait";
  return [
    { at: asked, happen: () => observer.client(requestBytes(one)) },
    { at: answered, happen: () => observer.daemon(encodeResponseHead(headOf(one, true))) },
    { at: isWait ? ended : answered, happen: () => sayBody(one, observer, tape) },
  ];
}

function sayBody(one: Told, observer: Observer, tape: Tape): void {
  for (const piece of bodyPieces(one)) observer.daemon(piece);
  tape.release(observer);
}

function requestBytes(one: Told): Buffer {
  const { requestBody } = one;
  return Buffer.isBuffer(requestBody) ? Buffer.concat([requestHead(one), requestBody]) : requestHead(one);
}

function requestHead({ method, target, requestFields, requestBody }: Told): Buffer {
  // A body that is not known is announced and never comes: the recorder then knows that it is not to be compared.
  const framing: HeaderField[] =
    requestBody === undefined
      ? []
      : requestBody === "unknown"
        ? [CHUNKED]
        : [["Content-Length", `${requestBody.length}`]];
  const fields = [...without(requestFields, FRAMING), ...framing];
  return encodeRequestHead({ method, target, version: "HTTP/1.1", fields });
}

/** The head as it was; `isFitted`: with a framing that fits the body as it is now. */
function headOf(one: Told, isFitted: boolean): ResponseHead {
  const { status, reason } = one;
  // Whether the connection was closed was between that client and whoever it spoke to.
  const fields = without(isFitted && hasBody(one) ? fittedFields(one) : one.fields, /^(connection|keep-alive)$/i);
  return { version: "HTTP/1.1", status, reason, fields };
}

function hasBody({ method, status }: Told): boolean {
  return method !== "HEAD" && status !== 204 && status !== 304;
}

function fittedFields(one: Told): readonly HeaderField[] {
  const { fields, body } = one;
  if (isChunked(one)) return hasToken(fields, "Transfer-Encoding", "chunked") ? fields : [...fields, CHUNKED];
  const length = ["Content-Length", `${body.length}`] as const;
  if (fieldValue(fields, "Content-Length") === undefined) return [...fields, length];
  return fields.map((field) => (/^content-length$/i.test(field[0]) ? length : field));
}

/** As the head says; where it says nothing, a stream is. */
function isChunked(one: Told): boolean {
  const { fields, method, target } = one;
  if (hasToken(fields, "Transfer-Encoding", "chunked")) return true;
  return (
    fieldValue(fields, "Content-Length") === undefined &&
    tongueOf(parseOperation(method, target), headOf(one, false)) !== undefined
  );
}

/** Nobody saved how the body was cut: as daemons usually do. */
function bodyPieces(one: Told): readonly Buffer[] {
  if (!hasBody(one)) return [];
  const { body, method, target } = one;
  if (!isChunked(one)) return [body];
  const tongue = tongueOf(parseOperation(method, target), headOf(one, false));
  const sizes = tongue === undefined ? evenly(body.length) : unitSizes(tongue, body);
  return [...cutInto(body, sizes).map(encodeChunk), encodeLastChunk([])];
}

function evenly(total: number): readonly number[] {
  const size = usualChunk(total);
  return new Array<number>(Math.floor(total / size)).fill(size);
}
