import { ApiError, badParameter } from "../../../model/api-error.ts";
import { emitContainerEvent } from "../../../model/emit-events.ts";
import { wordError } from "../../../model/error-wording.ts";
import type { Exec } from "../../../model/exec.ts";
import type { Engine } from "../../../operations/engine.ts";
import { checkStartable, findExec, type PreparedExec, prepareExec } from "../../../operations/lifecycle/exec.ts";
import type { RuntimeError } from "../../../operations/lifecycle/runtime-error.ts";
import type { OutputStream } from "../../../runtime/streams/container-log.ts";
import { parseDetachKeys } from "../../../runtime/streams/detach-keys.ts";
import { encodeOutput, relayStreams } from "../../../runtime/streams/relay-streams.ts";
import type { HijackedConnection } from "../../http/hijacked-connection.ts";
import type { ApiRequest } from "../../http/request.ts";
import { type ApiResponse, emptyResponse, hijackConnection } from "../../http/response.ts";
import { daemonHeaders } from "../../version/daemon-headers.ts";
import { writeUpgradeHead } from "../containers/attach.ts";
import type { Endpoint } from "../endpoint.ts";
import { readJsonBody } from "../read-json-body.ts";

/** moby hijacks the connection before it starts the exec, so errors go out in the stream. */
export const execStart: Endpoint = {
  operation: "ExecStart",
  respond: async (request, engine) => {
    const { Detach = false, Tty = false } = await readJsonBody(request, "ExecStart");
    const exec = findExec(engine, request.name);
    if (Detach) return startDetached(engine, exec);
    return hijackConnection(async (connection) => {
      connection.dropReadAhead();
      await writeUpgradeHead(request, connection, Tty === true, daemonHeaders(engine));
      await startAttached(request, engine, exec, connection, Tty === true);
    });
  },
};

function startDetached(engine: Engine, exec: Exec): ApiResponse {
  checkStartable(engine, exec);
  const run = prepareExec(engine, exec);
  if (isFailure(run)) throw badParameter(run.message);
  void run.start();
  return emptyResponse(200);
}

function isFailure(run: PreparedExec | RuntimeError): run is RuntimeError {
  return "message" in run;
}

async function startAttached(
  request: ApiRequest,
  engine: Engine,
  exec: Exec,
  connection: HijackedConnection,
  isRaw: boolean,
): Promise<void> {
  try {
    checkStartable(engine, exec);
    const run = prepareExec(engine, exec);
    if (isFailure(run)) return await writeError(connection, run.message, isRaw);
    await runAttached(engine, exec, run, connection, isRaw);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    await writeError(connection, wordError(request.release, error, request).message, isRaw);
  }
}

async function writeError(connection: HijackedConnection, message: string, isRaw: boolean): Promise<void> {
  await connection.write(encodeOutput("stdout", Buffer.from(`${message}\r\n`), isRaw));
}

async function runAttached(
  engine: Engine,
  exec: Exec,
  run: PreparedExec,
  connection: HijackedConnection,
  isRaw: boolean,
): Promise<void> {
  const streams = new Set<OutputStream>([
    ...(exec.opensStdout ? (["stdout"] as const) : []),
    ...(exec.opensStderr ? (["stderr"] as const) : []),
  ]);
  const conversation = relayStreams(connection, {
    output: run.output,
    stdin: exec.opensStdin ? run.stdin : undefined,
    streams: streams,
    isRaw,
    atEnd: exec.isTty ? "leaves" : "closes stdin",
    detachKeys: exec.isTty ? parseDetachKeys(exec.detachKeys) : undefined,
  });
  const ended = run.start();
  const how = await conversation;
  const container = engine.containers.get(exec.containerId);
  if (how === "detached" && container !== undefined)
    emitContainerEvent(engine, container, "exec_detach", { execID: exec.id });
  if (how === "ended" && !connection.isGone && exec.opensStdin === false) await ended;
}
