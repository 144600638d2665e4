import { ApiError, badParameter } from "../../../model/api-error.ts";
import { emitContainerEvent } from "../../../model/emit-events.ts";
import type { Exec } from "../../../model/exec.ts";
import type { Engine } from "../../../operations/engine.ts";
import { checkStartable, type ExecRun, findExec, prepareExec } from "../../../operations/lifecycle/exec.ts";
import type { RuntimeError } from "../../../operations/lifecycle/runtime-error.ts";
import { converse, spoken } from "../../../runtime/streams/converse.ts";
import { detachKeysOf } from "../../../runtime/streams/detach-keys.ts";
import type { OutputStream } from "../../../runtime/streams/log.ts";
import { type Answer, hijack, noBody } from "../../http/answer.ts";
import type { Hijacked } from "../../http/hijacked.ts";
import { daemonFields } from "../../version/daemon-fields.ts";
import { sayHead } from "../containers/attach.ts";
import type { Endpoint } from "../endpoint.ts";
import { sentJson } from "../sent-json.ts";

/** Once the connection is taken over, even what fails is told within the stream. */
export const execStart: Endpoint = {
  operation: "ExecStart",
  answer: async (request, engine) => {
    const { Detach = false, Tty = false } = await sentJson(request, "ExecStartCheck", []);
    const exec = findExec(engine, request.name);
    if (Detach) return detached(engine, exec);
    return hijack(async (wire) => {
      wire.forgetReadAhead();
      await sayHead(request, wire, daemonFields(engine));
      await attached(engine, exec, wire, Tty === true);
    });
  },
};

function detached(engine: Engine, exec: Exec): Answer {
  checkStartable(engine, exec);
  const run = prepareExec(engine, exec);
  if (isFailure(run)) throw badParameter(run.message);
  void run.go();
  return noBody(200);
}

function isFailure(run: ExecRun | RuntimeError): run is RuntimeError {
  return "message" in run;
}

async function attached(engine: Engine, exec: Exec, wire: Hijacked, isRaw: boolean): Promise<void> {
  try {
    checkStartable(engine, exec);
    const run = prepareExec(engine, exec);
    if (isFailure(run)) return await complain(wire, run.message, isRaw);
    await conversation(engine, exec, run, wire, isRaw);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    await complain(wire, error.message, isRaw);
  }
}

async function complain(wire: Hijacked, message: string, isRaw: boolean): Promise<void> {
  await wire.write(spoken("stdout", Buffer.from(`${message}\r\n`), isRaw));
}

async function conversation(engine: Engine, exec: Exec, run: ExecRun, wire: Hijacked, isRaw: boolean): Promise<void> {
  const hears = new Set<OutputStream>([
    ...(exec.opensStdout ? (["stdout"] as const) : []),
    ...(exec.opensStderr ? (["stderr"] as const) : []),
  ]);
  const talk = converse(wire, {
    output: run.output,
    stdin: exec.opensStdin ? run.stdin : undefined,
    hears,
    isRaw,
    atEnd: exec.isTty ? "leaves" : "closes stdin",
    detachKeys: exec.isTty ? detachKeysOf(exec.detachKeys) : undefined,
  });
  const over = run.go();
  const how = await talk;
  const container = engine.containers.get(exec.containerId);
  if (how === "detached" && container !== undefined)
    emitContainerEvent(engine, container, "exec_detach", { execID: exec.id });
  if (how === "ended" && !wire.isGone && exec.opensStdin === false) await over;
}
