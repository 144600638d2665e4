/** Which recorded call of its build a call repeats. */
import type { JsonMessageValue } from "../../wire/protobuf/json-message.ts";
import type { BuildDeck } from "./build-deck.ts";
import { LLB_RETURN, LLB_SOLVE, STATUS } from "./build-methods.ts";
import type { BuildRun } from "./build-run.ts";
import type { ClientCall } from "./build-script.ts";
import { formatDifferences } from "./compare-messages.ts";

/** A recorded build that a client of today has begun, by its Solve. */
export interface TakenBuild {
  readonly deck: BuildDeck;
  readonly run: BuildRun;
  /** The recorded Solve. */
  readonly call: ClientCall;
}

/**
 * Calls of which a build has one, whatever they say: Return repeats our own bytes, and the options of LLBBridge/Solve are
 * verified where they differ.
 */
const TAKEN_BY_NAME: ReadonlySet<string> = new Set([STATUS, LLB_SOLVE, LLB_RETURN]);

/** The first call of this method that was not made yet; one with the same request comes first. */
export function findRecordedCall(
  { deck, run, call: { build } }: TakenBuild,
  method: string,
  request: JsonMessageValue,
): ClientCall | undefined {
  const calls = run.openCalls.filter((call) => call.method === method && call.build === build);
  const equal = calls.find((call) => deck.compare(call, request).length === 0);
  return equal ?? (TAKEN_BY_NAME.has(method) ? calls[0] : undefined);
}

/** Refuses the build where its options are not the recorded ones; else binds the ids that they name. */
export function verifyOptions({ deck, run }: TakenBuild, recorded: ClientCall, request: JsonMessageValue): void {
  const differences = deck.compareAndBind(recorded, request);
  if (differences.length === 0) deck.bind(recorded, request);
  else run.fail(`the build's options are not the recorded ones: ${formatDifferences(differences)}`);
}
