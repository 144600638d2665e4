/**
 * A responder that puts faults between a client and the responders behind it, be they a replay, a mock or a live
 * daemon. It stands first in the list. It responds where a fault leaves nothing for the others; else it declines,
 * after it has wrapped the call's connection.
 */
import type { Clock } from "../base/clock.ts";
import { checkOptions } from "../base/options/check-options.ts";
import { clockKind, functionKind } from "../base/options/common-kinds.ts";
import { type OptionKind, recordOf } from "../base/options/option-kind.ts";
import type { Call, Responder } from "../session/call.ts";
import type { ByteFlow, FaultEffect, FaultyExchange } from "./fault-effect.ts";
import { namesInRequest } from "./fault-selector.ts";
import type { FaultSet } from "./fault-set.ts";
import { FaultyConnection } from "./faulty-connection.ts";

/** What a responder of faults needs of its surroundings. */
export interface FaultOptions {
  /** Measures the waits of faults. */
  readonly clock: Clock;
  /** From 0 up to, but not including, 1. */
  readonly random: () => number;
  /** Responds with an error, as the responders behind it would word it. */
  readonly refuse: (call: Call, status: number, message: string) => Promise<void>;
  /** Further names of what a call is about, beside those in its request. @default none */
  readonly namesOf?: (call: Call) => readonly string[];
}

const faultOptionsKind: OptionKind = recordOf<FaultOptions>(
  { clock: clockKind, random: functionKind, refuse: functionKind, namesOf: functionKind },
  "an object of options",
  ["clock", "random", "refuse"],
);

/**
 * Creates a responder that breaks the calls which `faults` select. It stands before the others.
 * @throws UsageError `WHALESONG_BAD_OPTION`
 * @example
 * const faults = new FaultSet(readFaults("- {on: SystemPing, answer: {status: 500, message: no}}", "inline"));
 * const clock = systemClock;
 * const refuse = async (call, status) => {
 *   await call.connection.write(Buffer.from(`HTTP/1.1 ${status} Error\r\nContent-Length: 0\r\n\r\n`));
 * };
 * const daemon = createDaemon(
 *   injectFaults(faults, { clock, random: Math.random, refuse }),
 *   mock(createEngine({ clock, startMs: Date.now() })),
 * );
 */
export function injectFaults(faults: FaultSet, options: FaultOptions): Responder {
  checkOptions("injectFaults", options, faultOptionsKind);
  return (call) => {
    if (faults.isEmpty) return false;
    return faults.needsNames(call) ? applyByName(faults, call, options) : applyFaults(faults, call, [], options);
  };
}

async function applyByName(faults: FaultSet, call: Call, options: FaultOptions): Promise<boolean> {
  const names = [...(await namesInRequest(call)), ...(options.namesOf?.(call) ?? [])];
  return applyFaults(faults, call, names, options);
}

function applyFaults(
  faults: FaultSet,
  call: Call,
  names: readonly string[],
  options: FaultOptions,
): boolean | Promise<boolean> {
  const selected = faults.select(call, names, options.random);
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
      call.connectionFate = how === "reset" ? "reset" : "close";
      faulty.cut(how);
    },
  };
  const faulty = new FaultyConnection(connection, (write) => chainFlows(effects, write, exchange));
  call.wrapConnection(() => faulty);
  call.onAnswered(() => finishExchange(faulty, effects, exchange));
  return exchange;
}

/** The first effect gets the bytes first. */
function chainFlows(effects: readonly FaultEffect[], write: ByteFlow, exchange: FaultyExchange): ByteFlow {
  return effects.reduceRight((next, { flow }) => flow?.(next, exchange) ?? next, write);
}

async function finishExchange(
  faulty: FaultyConnection,
  effects: readonly FaultEffect[],
  exchange: FaultyExchange,
): Promise<void> {
  await faulty.pendingWrites;
  // The responder may have left open a connection that has been cut since.
  if (faulty.isCut && exchange.call.connectionFate === "keep-alive") exchange.call.connectionFate = "close";
  for (const { after } of effects) if (after !== undefined) await after(exchange);
  await faulty.untilClosed();
}
