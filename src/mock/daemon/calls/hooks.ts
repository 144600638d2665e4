/** Functions of a test that run before the mock responds to a call, instead of it, or after it. */
import { UsageError } from "../../../base/errors.ts";
import { type CallPattern, describeUnknownCall, parseCallPattern } from "../../../match/rules/call-pattern.ts";
import type { Call } from "../../../session/call.ts";
import type { RecordedCall } from "./recorded-call.ts";

/** A call before its response. */
export interface HookCall extends RecordedCall {
  /** The body as JSON, or undefined if there is none. */
  json(): Promise<unknown>;
}

/** A response in place of the daemon's: an error in its format, JSON, or text. */
export type HookResponse =
  | { readonly status: number; readonly message: string }
  | { readonly status?: number; readonly json: unknown }
  | { readonly status?: number; readonly text: string; readonly contentType?: string };

/** Runs before the mock responds to a call. What it returns is the response. */
// biome-ignore lint/suspicious/noConfusingVoidType: a hook that says nothing is one that returns nothing
export type BeforeHook = (call: HookCall) => HookResponse | void | Promise<HookResponse | void>;
/** Runs after the mock has responded to a call. */
export type AfterHook = (call: RecordedCall) => void | Promise<void>;

interface Hook<Run> {
  readonly pattern: CallPattern;
  readonly run: Run;
}

export class CallHooks {
  readonly #before = new Set<Hook<BeforeHook>>();
  readonly #after = new Set<Hook<AfterHook>>();

  /**
   * Returns a function that removes the hook.
   * @throws UsageError `WHALESONG_NO_SUCH_CALL`
   */
  addBefore(pattern: string, hook: BeforeHook): () => void {
    return addHook(this.#before, pattern, hook);
  }

  /**
   * Returns a function that removes the hook.
   * @throws UsageError `WHALESONG_NO_SUCH_CALL`
   */
  addAfter(pattern: string, hook: AfterHook): () => void {
    return addHook(this.#after, pattern, hook);
  }

  /** Runs the hooks until one returns a response. */
  async runBefore(call: Call, hookCall: HookCall): Promise<HookResponse | undefined> {
    for (const run of selectHooks(this.#before, call)) {
      const response = await run(hookCall);
      if (response !== undefined) return response;
    }
    return undefined;
  }

  async runAfter(call: Call, recorded: RecordedCall): Promise<void> {
    for (const run of selectHooks(this.#after, call)) await run(recorded);
  }
}

function addHook<Run>(hooks: Set<Hook<Run>>, text: string, run: Run): () => void {
  const pattern = parseCallPattern(text);
  if (pattern === undefined) throw new UsageError("WHALESONG_NO_SUCH_CALL", describeUnknownCall(text));
  const hook = { pattern, run };
  hooks.add(hook);
  return () => hooks.delete(hook);
}

function selectHooks<Run>(hooks: ReadonlySet<Hook<Run>>, { head: { method }, operation }: Call): readonly Run[] {
  return [...hooks].filter(({ pattern }) => pattern.fits(method, operation)).map(({ run }) => run);
}
