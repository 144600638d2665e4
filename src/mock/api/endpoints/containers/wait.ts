import { encodeGoJson } from "../../../../wire/go-json.ts";
import { type Container, isRunning } from "../../../model/container.ts";
import type { Engine } from "../../../operations/engine.ts";
import { getRuntime } from "../../../runtime/engine-runtime.ts";
import { jsonResponse, streamResponse } from "../../http/response.ts";
import type { Endpoint } from "../endpoint.ts";

/** The CLI sends `start` only after it has the head of its wait, so since 1.30 the head goes out at once. */
export const containerWait: Endpoint = {
  operation: "ContainerWait",
  respond: async ({ api, name, query, signal: left }, engine) => {
    const container = engine.containers.find(name);
    const waitsForHead = api.isBefore("1.30");
    const exit = waitForExit(engine, container, query.get("condition"));
    if (api.isLegacy) return jsonResponse({ StatusCode: await exit });
    if (waitsForHead) return jsonResponse({ Error: null, StatusCode: await exit });
    return streamResponse(streamResult(exit, left), "application/json");
  },
};

function waitForExit(engine: Engine, container: Container, condition: string): number | Promise<number> {
  const machine = getRuntime(engine, container);
  if (condition === "removed") return machine.removal;
  if (condition === "next-exit") return machine.nextExit;
  return isRunning(container) ? machine.nextExit : container.state.exitCode;
}

/** As moby does, it writes a last result for a client that closes its half of the connection. */
async function* streamResult(exit: number | Promise<number>, left: AbortSignal): AsyncGenerator<Buffer> {
  const leaving = new Promise<undefined>((resolve) => {
    if (left.aborted) resolve(undefined);
    left.addEventListener("abort", () => resolve(undefined), { once: true });
  });
  const exitCode = typeof exit === "number" ? exit : await Promise.race([exit, leaving]);
  const outcome =
    exitCode === undefined
      ? { Error: { Message: "context canceled" }, StatusCode: -1 }
      : { Error: null, StatusCode: exitCode };
  yield Buffer.from(`${encodeGoJson(outcome)}\n`);
}
