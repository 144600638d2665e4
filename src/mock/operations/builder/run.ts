/** RUN: a container runs the command; what it has changed is the next layer (moby dispatchers.go, containerbackend.go). */

import { ApiError } from "../../model/api-error.ts";
import { type ContainerConfig, configOf } from "../../model/container-config.ts";
import { emitContainerEvent } from "../../model/emit-events.ts";
import type { ProgressSink } from "../../model/progress-sink.ts";
import { runtimeOf } from "../../runtime/engine-runtime.ts";
import type { OutputStream } from "../../runtime/streams/log.ts";
import { startContainer } from "../lifecycle/start.ts";
import { signalContainer } from "../lifecycle/stop.ts";
import type { Instruction } from "./dockerfile/instruction.ts";
import { shellOf } from "./settings.ts";
import type { Build, StageState } from "./stage.ts";

const KILL = 9;
const RED = "\u001b[91m";
const PLAIN = "\u001b[0m";

export async function run(build: Build, stage: StageState, { args, isJson, flags }: Instruction): Promise<void> {
  const [flag] = flags.keys();
  if (flag !== undefined) throw needsBuildKit(flag);
  const { config } = stage;
  const command = isJson ? args : [...shellOf(config), ...args];
  const buildArgs = [...build.args.effective(config.Env ?? [])].map(([name, value]) => `${name}=${value}`).sort();
  const spoken = buildArgs.length === 0 ? command : [`|${buildArgs.length}`, ...buildArgs, ...command];
  const remembered = { ...config, Cmd: spoken };
  if (stage.isInCache({ ...remembered, Entrypoint: config.Entrypoint })) return;
  const env = [...(config.Env ?? []), ...buildArgs, ...build.args.proxies];
  await runToEnd(build, stage, configOf({ ...plain(config), Cmd: command, Env: env }), command, remembered);
}

/** Neither the image's entrypoint nor its check of health has a part in a build. */
function plain(config: ContainerConfig): ContainerConfig {
  return { ...config, Entrypoint: [""], Healthcheck: { Test: ["NONE"] }, AttachStdout: true, AttachStderr: true };
}

async function runToEnd(
  { engine, say, gone }: Build,
  stage: StageState,
  config: ContainerConfig,
  command: readonly string[],
  remembered: ContainerConfig,
): Promise<void> {
  const container = stage.create(config);
  const machine = runtimeOf(engine, container);
  machine.output.listen({ hear: (stream, bytes) => tell(say, stream, bytes), end: () => undefined });
  const exit = machine.nextExit;
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

function tell(say: ProgressSink, stream: OutputStream, bytes: Buffer): void {
  const text = bytes.toString("utf8");
  say({ stream: stream === "stderr" ? `${RED}${text}${PLAIN}` : text });
}

function needsBuildKit(flag: string): ApiError {
  const where = "Refer to https://docs.docker.com/go/buildkit/ to learn how to build images with BuildKit enabled";
  return new ApiError(400, `the --${flag} option requires BuildKit. ${where}`);
}
