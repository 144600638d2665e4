/** A responder that records calls and runs hooks. It declines a call unless a hook responds to it. */
import type { Call, Responder } from "../../../session/call.ts";
import { readJsonBody } from "../../../session/read-json-body.ts";
import { type ApiResponse, jsonResponse } from "../../api/http/response.ts";
import type { Engine } from "../../operations/engine.ts";
import { isSimulated, refuseInstead, respondInstead } from "../mock.ts";
import type { CallLog } from "./call-log.ts";
import type { CallHooks, HookResponse } from "./hooks.ts";
import { createRecordedCall, type RecordedCall } from "./recorded-call.ts";
import { listResourceNames } from "./resource-names.ts";

export interface RecordCallsOptions {
  readonly calls: CallLog;
  readonly hooks: CallHooks;
  /** Returns the current engine. */
  readonly engine: () => Engine;
  /** Whether the option `only` allows the call. */
  readonly isExpected: (call: Call) => boolean;
  /** Called with each call after its response. */
  readonly onResponse: (call: RecordedCall) => void;
}

export function recordCalls(options: RecordCallsOptions): Responder {
  return async (call) => {
    const update = recordCall(call, options);
    call.onAnswered(async () => {
      const body = call.isBodyRead ? await readJsonBody(call) : undefined;
      const recorded = update((now) => ({ ...now, body, status: call.status }));
      await options.hooks.runAfter(call, recorded);
      options.onResponse(recorded);
    });
    const recorded = update((now) => now);
    if (recorded.isUnexpected) return refuseUnexpected(call, options);
    const hookResponse = await options.hooks.runBefore(call, { ...recorded, json: () => readJsonBody(call) });
    if (hookResponse === undefined) return false;
    await sendHookResponse(call, hookResponse, options.engine());
    return true;
  };
}

function recordCall(call: Call, { calls, engine, isExpected }: RecordCallsOptions): ReturnType<CallLog["add"]> {
  const { name } = call.operation;
  const names = [
    ...new Set([
      ...Object.values(call.operation.params),
      ...listCreatedNames(call),
      ...listResourceNames(call, engine()),
    ]),
  ];
  const isUnsimulated = name !== "Unknown" && !isSimulated(name);
  return calls.add((number) =>
    createRecordedCall(call, number, { names, isUnsimulated, isUnexpected: !isExpected(call) }),
  );
}

/** The names in the query that a call gives to what it creates. */
function listCreatedNames({ operation: { query } }: Call): readonly string[] {
  return query.flatMap(([key, value]) => (["name", "fromImage", "t"].includes(key) ? [value] : []));
}

async function refuseUnexpected(call: Call, { engine }: RecordCallsOptions): Promise<true> {
  const { name } = call.operation;
  await refuseInstead(
    call,
    501,
    `whalesong's mock did not expect ${name}: ${call.head.method} ${call.head.target}`,
    engine(),
  );
  return true;
}

function sendHookResponse(call: Call, hookResponse: HookResponse, engine: Engine): Promise<void> {
  if ("message" in hookResponse) return refuseInstead(call, hookResponse.status, hookResponse.message, engine);
  return respondInstead(call, toApiResponse(hookResponse), engine);
}

function toApiResponse(hookResponse: Exclude<HookResponse, { readonly message: string }>): ApiResponse {
  const { status = 200 } = hookResponse;
  if ("json" in hookResponse) return jsonResponse(hookResponse.json, status);
  const { text, contentType = "text/plain; charset=utf-8" } = hookResponse;
  return { kind: "bytes", status, contentType, bytes: Buffer.from(text) };
}
