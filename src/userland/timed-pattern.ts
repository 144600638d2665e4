/**
 * Patterns that V8 can only match by backtracking: with back references, with a look around, or with thousands of
 * repetitions. Such a match may take years. V8 lets a script be interrupted, also within a match; so such a match runs
 * in one (decision 0037).
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
