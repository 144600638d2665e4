/**
 * Faults on the way between a client and whoever answers: the first of a list of responders, before a replay, a mock
 * or a live daemon alike. It answers where a fault leaves nothing to be answered, else declines, having put itself
 * between the others and the client.
 */
import type { Clock } from "../base/clock.ts";
import type { Call, Responder } from "../session/call.ts";
import type { ByteFlow, FaultEffect, FaultyExchange } from "./fault-effect.ts";
import { namesInRequest } from "./fault-selector.ts";
import type { FaultSet } from "./fault-set.ts";
import { FaultyConnection } from "./faulty-connection.ts";

export interface FaultOptions {
  readonly clock: Clock;
  /** From 0 up to, but not including, 1. */
  readonly random: () => number;
  /** An error in the voice of whoever would have answered. */
  readonly refuse: (call: Call, status: number, message: string) => Promise<void>;
  /** More names of what a call is about than those that it gives itself. */
  readonly namesOf?: (call: Call) => readonly string[];
}

export function faults(sheet: FaultSet, options: FaultOptions): Responder {
  return (call) => (sheet.needsNames(call) ? applyByName(sheet, call, options) : applyFaults(sheet, call, [], options));
}

async function applyByName(sheet: FaultSet, call: Call, options: FaultOptions): Promise<boolean> {
  const names = [...(await namesInRequest(call)), ...(options.namesOf?.(call) ?? [])];
  return applyFaults(sheet, call, names, options);
}

function applyFaults(
  sheet: FaultSet,
  call: Call,
  names: readonly string[],
  options: FaultOptions,
): boolean | Promise<boolean> {
  const selected = sheet.select(call, names, options.random);
  if (selected.length === 0) return false;
  const effects = selected.flatMap((fault) => fault.effects);
  return runEffects(call, effects, options);
}

async function runEffects(call: Call, effects: readonly FaultEffect[], options: FaultOptions): Promise<boolean> {
  const exchange = interpose(call, effects, options);
  for (const { before } of effects) if (before !== undefined && (await before(exchange))) return true;
  return false;
}

/** Puts the pipeline between the call and its client. */
function interpose(
  call: Call,
  effects: readonly FaultEffect[],
  { clock, random, refuse }: FaultOptions,
): FaultyExchange {
  const leaving = new AbortController();
  const { connection } = call;
  void connection.closed.then(() => leaving.abort());
  const exchange: FaultyExchange = {
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
  const faulty = new FaultyConnection(connection, (write) => chainFlows(effects, write, exchange));
  call.writeThrough(() => faulty);
  call.whenAnswered(() => finishExchange(faulty, effects, exchange));
  return exchange;
}

/** The first of them is the first to have the bytes. */
function chainFlows(effects: readonly FaultEffect[], write: ByteFlow, exchange: FaultyExchange): ByteFlow {
  return effects.reduceRight((next, { flow }) => flow?.(next, exchange) ?? next, write);
}

async function finishExchange(
  faulty: FaultyConnection,
  effects: readonly FaultEffect[],
  exchange: FaultyExchange,
): Promise<void> {
  await faulty.written;
  // Whoever answered may have had other plans for a connection that is cut since.
  if (faulty.isCut && exchange.call.afterwards === "keep-alive") exchange.call.afterwards = "close";
  for (const { after } of effects) if (after !== undefined) await after(exchange);
  await faulty.untilClosed();
}
