/**
 * Faults on the way between a client and whoever answers: the first of a list of responders, before a replay, a mock
 * or a live daemon alike. It answers where a fault leaves nothing to be answered, else declines, having put itself
 * between the others and the client.
 */
import type { Clock } from "../base/clock.ts";
import type { Call, Responder } from "../session/call.ts";
import type { Effect, Exchange, Flow } from "./effect.ts";
import { FaultyConnection } from "./faulty-connection.ts";
import type { FaultSheet } from "./sheet.ts";
import { namesIn } from "./where.ts";

export interface FaultOptions {
  readonly clock: Clock;
  /** From 0 up to, but not including, 1. */
  readonly random: () => number;
  /** An error in the voice of whoever would have answered. */
  readonly refuse: (call: Call, status: number, message: string) => Promise<void>;
  /** More names of what a call is about than those that it gives itself. */
  readonly namesOf?: (call: Call) => readonly string[];
}

export function faults(sheet: FaultSheet, options: FaultOptions): Responder {
  return (call) => (sheet.asksForNames(call) ? strikeByName(sheet, call, options) : strike(sheet, call, [], options));
}

async function strikeByName(sheet: FaultSheet, call: Call, options: FaultOptions): Promise<boolean> {
  const names = [...(await namesIn(call)), ...(options.namesOf?.(call) ?? [])];
  return strike(sheet, call, names, options);
}

function strike(
  sheet: FaultSheet,
  call: Call,
  names: readonly string[],
  options: FaultOptions,
): boolean | Promise<boolean> {
  const struck = sheet.strike(call, names, options.random);
  if (struck.length === 0) return false;
  const effects = struck.flatMap((fault) => fault.effects);
  return suffer(call, effects, options);
}

async function suffer(call: Call, effects: readonly Effect[], options: FaultOptions): Promise<boolean> {
  const exchange = between(call, effects, options);
  for (const { before } of effects) if (before !== undefined && (await before(exchange))) return true;
  return false;
}

/** Puts the pipeline between the call and its client. */
function between(call: Call, effects: readonly Effect[], { clock, random, refuse }: FaultOptions): Exchange {
  const leaving = new AbortController();
  const { connection } = call;
  void connection.closed.then(() => leaving.abort());
  const exchange: Exchange = {
    call,
    clock,
    random,
    gone: leaving.signal,
    refuse: (status, message) => refuse(call, status, message),
    cut: (how) => {
      call.afterwards = how === "reset" ? "reset" : "close";
      faulty.cut(how);
    },
  };
  const faulty = new FaultyConnection(connection, (write) => pipeline(effects, write, exchange));
  call.writeThrough(() => faulty);
  call.whenAnswered(() => conclude(faulty, effects, exchange));
  return exchange;
}

/** The first of them is the first to have the bytes. */
function pipeline(effects: readonly Effect[], write: Flow, exchange: Exchange): Flow {
  return effects.reduceRight((next, { flow }) => flow?.(next, exchange) ?? next, write);
}

async function conclude(faulty: FaultyConnection, effects: readonly Effect[], exchange: Exchange): Promise<void> {
  await faulty.written;
  // Whoever answered may have had other plans for a connection that is cut since.
  if (faulty.isCut && exchange.call.afterwards === "keep-alive") exchange.call.afterwards = "close";
  for (const { after } of effects) if (after !== undefined) await after(exchange);
  await faulty.stalled();
}
