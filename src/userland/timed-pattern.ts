/**
 * Patterns that V8 can only match by backtracking: with back references, or with a look around. Such a match may take
 * years. V8 lets a script be interrupted, also within a match; so a match that may grow runs in one (decision 0037).
 */
import { createContext, Script } from "node:vm";
import { OutOfTime } from "./process/process-end.ts";

/** In milliseconds: far beyond what a match takes that ends at all. */
const BUDGET = 500;
/** A shorter text is matched in no time, whatever the pattern. */
const SHORT_TEXT = 20;

interface MatchContext {
  match: () => RegExpExecArray | null;
}

let sandbox: { readonly context: MatchContext; readonly script: Script } | undefined;

/** @returns whether matching may take exponential time: something repeated within a pattern that backtracks */
export function isTimed(source: string): boolean {
  return /\\[1-9]|\(\?<?[=!]/.test(source) && (source.match(/[*+}]/g)?.length ?? 0) > 1;
}

/** A pattern whose matches end. */
export class TimedPattern extends RegExp {
  /** @throws OutOfTime if the budget is spent */
  override exec(text: string): RegExpExecArray | null {
    const match = (): RegExpExecArray | null => super.exec(text);
    return text.length < SHORT_TEXT ? match() : runWithin(BUDGET, match);
  }
}

function runWithin(timeout: number, match: MatchContext["match"]): RegExpExecArray | null {
  sandbox ??= { context: createContext({ match }) as MatchContext, script: new Script("match()") };
  sandbox.context.match = match;
  try {
    return sandbox.script.runInContext(sandbox.context, { timeout }) as RegExpExecArray | null;
  } catch (error) {
    throw (error as { code?: unknown }).code === "ERR_SCRIPT_EXECUTION_TIMEOUT" ? new OutOfTime() : error;
  }
}
