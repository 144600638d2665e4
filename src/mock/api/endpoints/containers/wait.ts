import { encodeGoJson } from "../../../../wire/go-json.ts";
import { badParameter } from "../../../model/api-error.ts";
import type { ApiJson } from "../../../model/api-json.ts";
import { type Container, isRunning } from "../../../model/container.ts";
import { isOlderEngine } from "../../../model/engine-release.ts";
import type { Engine } from "../../../operations/engine.ts";
import { getRuntime } from "../../../runtime/engine-runtime.ts";
import type { ApiRequest } from "../../http/request.ts";
import { jsonResponse, streamResponse } from "../../http/response.ts";
import { downgradeTo, type ResponseDowngrade } from "../../version/downgrade.ts";
import type { Endpoint } from "../endpoint.ts";

/** The CLI sends `start` only after it has the head of its wait, so since 1.30 the head goes out at once. */
export const containerWait: Endpoint = {
  operation: "ContainerWait",
  respond: async (request, engine) => {
    const { api, name, query, signal: left } = request;
    checkCondition(request);
    const container = engine.containers.find(name);
    const waitsForHead = api.isBefore("1.30");
    const exit = waitForExit(engine, container, query.get("condition"));
    if (api.isLegacy) return jsonResponse({ StatusCode: await exit });
    const format = (result: WaitResult): ApiJson => downgradeTo(request, result, DOWNGRADES);
    if (waitsForHead) return jsonResponse(format({ StatusCode: await exit }));
    return streamResponse(streamResult(exit, left, format), "application/json");
  },
};

interface WaitResult {
  readonly Error?: { readonly Message: string };
  readonly StatusCode: number;
}

/** dockerd 20.10 writes `null` if there is no error. */
const DOWNGRADES: readonly ResponseDowngrade[] = [
  { sinceEngine: "28", downgrade: ({ Error: error = null, StatusCode }) => ({ Error: error, StatusCode }) },
];
const CONDITIONS: readonly string[] = ["", "not-running", "next-exit", "removed"];

/** @throws ApiError 400 for an unknown condition, which dockerd 20.10 ignores */
function checkCondition({ query, release }: ApiRequest): void {
  const condition = query.get("condition");
  if (CONDITIONS.includes(condition) || isOlderEngine(release, "28")) return;
  throw badParameter(`invalid condition: ${JSON.stringify(condition)}`);
}

function waitForExit(engine: Engine, container: Container, condition: string): number | Promise<number> {
  const machine = getRuntime(engine, container);
  if (condition === "removed") return machine.removal;
  if (condition === "next-exit") return machine.nextExit;
  if (!isRunning(container)) return container.state.exitCode;
  machine.skipDelays();
  return machine.nextExit;
}

/** As moby does, it writes a last result for a client that closes its half of the connection. */
async function* streamResult(
  exit: number | Promise<number>,
  left: AbortSignal,
  format: (result: WaitResult) => ApiJson,
): AsyncGenerator<Buffer> {
  const leaving = new Promise<undefined>((resolve) => {
    if (left.aborted) resolve(undefined);
    left.addEventListener("abort", () => resolve(undefined), { once: true });
  });
  const exitCode = typeof exit === "number" ? exit : await Promise.race([exit, leaving]);
  const outcome =
    exitCode === undefined ? { Error: { Message: "context canceled" }, StatusCode: -1 } : { StatusCode: exitCode };
  yield Buffer.from(`${encodeGoJson(format(outcome))}\n`);
}
