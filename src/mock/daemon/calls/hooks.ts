/** What a test wants done at the very moment of a call: before it is answered, or instead, or right after it. */
import { UsageError } from "../../../base/errors.ts";
import { type CallPattern, callPattern, noSuchCall } from "../../../match/call-pattern.ts";
import type { Call } from "../../../session/call.ts";
import type { AskedCall } from "./asked-call.ts";

/** A call that is being answered. */
export interface HookCall extends AskedCall {
  /** The body as JSON; undefined where there is none. */
  json(): Promise<unknown>;
}

/** An answer instead of the daemon's: a refusal in its voice, JSON, or text. */
export type InsteadAnswer =
  | { readonly status: number; readonly message: string }
  | { readonly status?: number; readonly json: unknown }
  | { readonly status?: number; readonly text: string; readonly contentType?: string };

// biome-ignore lint/suspicious/noConfusingVoidType: a hook that says nothing is one that returns nothing
export type BeforeHook = (call: HookCall) => InsteadAnswer | void | Promise<InsteadAnswer | void>;
export type AfterHook = (call: AskedCall) => void | Promise<void>;

interface Hook<Then> {
  readonly pattern: CallPattern;
  readonly then: Then;
}

export class Hooks {
  readonly #before = new Set<Hook<BeforeHook>>();
  readonly #after = new Set<Hook<AfterHook>>();

  /**
   * Returns what takes it away again.
   * @throws UsageError `WHALESONG_NO_SUCH_CALL`
   */
  before(pattern: string, then: BeforeHook): () => void {
    return hung(this.#before, pattern, then);
  }

  /**
   * Returns what takes it away again.
   * @throws UsageError `WHALESONG_NO_SUCH_CALL`
   */
  after(pattern: string, then: AfterHook): () => void {
    return hung(this.#after, pattern, then);
  }

  /** The first answer that a hook gives. */
  async runBefore(call: Call, asked: HookCall): Promise<InsteadAnswer | undefined> {
    for (const then of meant(this.#before, call)) {
      const answer = await then(asked);
      if (answer !== undefined) return answer;
    }
    return undefined;
  }

  async runAfter(call: Call, asked: AskedCall): Promise<void> {
    for (const then of meant(this.#after, call)) await then(asked);
  }
}

function hung<Then>(hooks: Set<Hook<Then>>, text: string, then: Then): () => void {
  const pattern = callPattern(text);
  if (pattern === undefined) throw new UsageError("WHALESONG_NO_SUCH_CALL", noSuchCall(text));
  const hook = { pattern, then };
  hooks.add(hook);
  return () => hooks.delete(hook);
}

function meant<Then>(hooks: ReadonlySet<Hook<Then>>, { head: { method }, operation }: Call): readonly Then[] {
  return [...hooks].filter(({ pattern }) => pattern.fits(method, operation)).map(({ then }) => then);
}
