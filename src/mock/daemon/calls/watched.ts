/** Writes down what is asked, and lets hooks act before and after it: a responder that declines, unless a hook answers. */
import type { Call, Responder } from "../../../session/call.ts";
import { jsonOf } from "../../../session/json-body.ts";
import { type Answer, json } from "../../api/http/answer.ts";
import type { Engine } from "../../operations/engine.ts";
import { isSimulated, refuseInstead, sayInstead } from "../mock.ts";
import { type AskedCall, askedCall } from "./asked-call.ts";
import type { Calls } from "./calls.ts";
import type { Hooks, InsteadAnswer } from "./hooks.ts";
import { namesOf } from "./names.ts";

export interface Watch {
  readonly calls: Calls;
  readonly hooks: Hooks;
  /** The daemon as it is now. */
  readonly engine: () => Engine;
  /** Whether a call was said to come. */
  readonly isExpected: (call: Call) => boolean;
  /** Told of each call when it has been answered. */
  readonly onAnswered: (call: AskedCall) => void;
}

export function watched(watch: Watch): Responder {
  return async (call) => {
    const known = writeDown(call, watch);
    call.whenAnswered(async () => {
      const body = call.isRead ? await jsonOf(call) : undefined;
      const asked = known((now) => ({ ...now, body, status: call.status }));
      await watch.hooks.runAfter(call, asked);
      watch.onAnswered(asked);
    });
    const asked = known((now) => now);
    if (asked.isUnexpected) return refuseUnexpected(call, watch);
    const instead = await watch.hooks.runBefore(call, { ...asked, json: () => jsonOf(call) });
    if (instead === undefined) return false;
    await answerInstead(call, instead, watch.engine());
    return true;
  };
}

function writeDown(call: Call, { calls, engine, isExpected }: Watch): ReturnType<Calls["add"]> {
  const { name } = call.operation;
  const names = [...new Set([...Object.values(call.operation.params), ...madeBy(call), ...namesOf(call, engine())])];
  const isUnsimulated = name !== "Unknown" && !isSimulated(name);
  return calls.add((number) => askedCall(call, number, { names, isUnsimulated, isUnexpected: !isExpected(call) }));
}

/** What is to be made, by the name that it is given. */
function madeBy({ operation: { query } }: Call): readonly string[] {
  return query.flatMap(([key, value]) => (["name", "fromImage", "t"].includes(key) ? [value] : []));
}

async function refuseUnexpected(call: Call, { engine }: Watch): Promise<true> {
  const { name } = call.operation;
  await refuseInstead(
    call,
    501,
    `whalesong's mock did not expect ${name}: ${call.head.method} ${call.head.target}`,
    engine(),
  );
  return true;
}

function answerInstead(call: Call, instead: InsteadAnswer, engine: Engine): Promise<void> {
  if ("message" in instead) return refuseInstead(call, instead.status, instead.message, engine);
  return sayInstead(call, answerOf(instead), engine);
}

function answerOf(instead: Exclude<InsteadAnswer, { readonly message: string }>): Answer {
  const { status = 200 } = instead;
  if ("json" in instead) return json(instead.json, status);
  const { text, contentType = "text/plain; charset=utf-8" } = instead;
  return { kind: "bytes", status, contentType, bytes: Buffer.from(text) };
}
