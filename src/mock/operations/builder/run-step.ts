/** Runs RUN: a container runs the command, and its changes become the next layer (moby dispatchers.go, containerbackend.go). */

import { ApiError } from "../../model/api-error.ts";
import { type ContainerConfig, toContainerConfig } from "../../model/container-config.ts";
import { emitContainerEvent } from "../../model/emit-events.ts";
import type { ProgressSink } from "../../model/progress-sink.ts";
import { getRuntime } from "../../runtime/engine-runtime.ts";
import type { OutputStream } from "../../runtime/streams/container-log.ts";
import type { DockerfileInstruction } from "../dockerfile/instruction.ts";
import { getShell } from "../dockerfile/settings.ts";
import { startContainer } from "../lifecycle/start-container.ts";
import { signalContainer } from "../lifecycle/stop-container.ts";
import { createBuildKitError } from "./buildkit-error.ts";
import type { BuildScope, StageState } from "./stage-state.ts";

const KILL = 9;
const RED = "\u001b[91m";
const PLAIN = "\u001b[0m";

export async function runCommand(
  scope: BuildScope,
  stage: StageState,
  { args, isJson, flags }: DockerfileInstruction,
): Promise<void> {
  const [flag] = flags.keys();
  if (flag !== undefined) throw createBuildKitError(flag);
  const { config } = stage;
  const command = isJson ? args : [...getShell(config), ...args];
  const buildArgs = [...scope.args.getEffective(config.Env ?? [])].map(([name, value]) => `${name}=${value}`).sort();
  const rememberedCommand = buildArgs.length === 0 ? command : [`|${buildArgs.length}`, ...buildArgs, ...command];
  const remembered = { ...config, Cmd: rememberedCommand };
  if (stage.isInCache({ ...remembered, Entrypoint: config.Entrypoint })) return;
  const env = [...(config.Env ?? []), ...buildArgs, ...scope.args.proxies];
  await runContainer(
    scope,
    stage,
    toContainerConfig({ ...withoutEntrypoint(config), Cmd: command, Env: env }),
    command,
    remembered,
  );
}

/** A build ignores the image's entrypoint and its health check. */
function withoutEntrypoint(config: ContainerConfig): ContainerConfig {
  return { ...config, Entrypoint: [""], Healthcheck: { Test: ["NONE"] }, AttachStdout: true, AttachStderr: true };
}

async function runContainer(
  { engine, send, gone }: BuildScope,
  stage: StageState,
  config: ContainerConfig,
  command: readonly string[],
  remembered: ContainerConfig,
): Promise<void> {
  const container = stage.create(config);
  const runtime = getRuntime(engine, container);
  runtime.output.listen({ write: (stream, bytes) => reportOutput(send, stream, bytes), end: () => undefined });
  const exit = runtime.nextExit;
  emitContainerEvent(engine, container, "attach");
  startContainer(engine, container.id);
  const exitCode = await Promise.race([exit, gone.then(() => undefined)]);
  if (exitCode === undefined) {
    signalContainer(engine, container, KILL);
    await exit;
    throw new ApiError(500, "context canceled");
  }
  if (exitCode !== 0) {
    const what = `The command '${command.join(" ")}' returned a non-zero code: ${exitCode}`;
    throw new ApiError(500, what, exitCode);
  }
  stage.commit(container, remembered);
}

function reportOutput(send: ProgressSink, stream: OutputStream, bytes: Buffer): void {
  const text = bytes.toString("utf8");
  send({ stream: stream === "stderr" ? `${RED}${text}${PLAIN}` : text });
}
