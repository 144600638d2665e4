/** RUN: runs a command in a container of the sandbox, with its mounts, and hands over the tree that it leaves. */

import { waitUntilSettledOrAborted } from "../../../base/abort.ts";
import { compareTrees } from "../../../userland/files/compare-trees.ts";
import type { DirectoryNode } from "../../../userland/files/node.ts";
import { createImage } from "../../images/image-configuration.ts";
import { withChanges } from "../../images/layers.ts";
import { ApiError } from "../../model/api-error.ts";
import type { Container } from "../../model/container.ts";
import type { ContainerConfig } from "../../model/container-config.ts";
import { getRuntime } from "../../runtime/engine-runtime.ts";
import type { Engine } from "../engine.ts";
import { createContainer } from "../lifecycle/create-container.ts";
import { removeContainer } from "../lifecycle/remove-container.ts";
import { startContainer } from "../lifecycle/start-container.ts";
import { signalContainer } from "../lifecycle/stop-container.ts";
import type { NodeResult } from "./build-node.ts";
import type { RunningVertex } from "./build-progress.ts";
import { type PreparedMounts, placeFiles, removeFiles } from "./prepare-mounts.ts";
import { createCancelError, SolveError } from "./solve-error.ts";

export interface RunRequest {
  readonly input: NodeResult;
  readonly config: ContainerConfig;
  readonly command: readonly string[];
  readonly env: readonly string[];
  readonly networkMode: string;
  /** `name=address`. */
  readonly extraHosts: readonly string[];
  readonly mounts: PreparedMounts;
  /** Words the failure as the engine's BuildKit does. */
  readonly describeFailure: (why: string) => string;
}

const KILL = 9;
const HOSTNAME = "buildkitsandbox";

/** @throws SolveError for a command that fails, or a client that goes */
export async function runInSandbox(
  sandbox: Engine,
  request: RunRequest,
  vertex: RunningVertex,
  signal: AbortSignal,
): Promise<DirectoryNode> {
  const container = createSandboxContainer(sandbox, request);
  try {
    const exitCode = await runToEnd(sandbox, container, request, vertex, signal);
    if (exitCode === undefined) throw createCancelError();
    if (exitCode !== 0) throw new SolveError(request.describeFailure(`exit code: ${exitCode}`));
    return applyChanges(sandbox, container, request);
  } finally {
    removeContainer(sandbox, container.id, { removesVolumes: true });
  }
}

/** The image is only there for the moment in which the container is created from it. */
function createSandboxContainer(
  sandbox: Engine,
  { input, config, command, env, networkMode, extraHosts, mounts }: RunRequest,
): Container {
  const { created, layers } = input;
  const image = sandbox.images.put(createImage({ created, config: {}, history: [], layers }));
  const container = createContainer(sandbox, "", {
    config: {
      WorkingDir: config.WorkingDir,
      User: config.User,
      Cmd: command,
      Env: env,
      Image: image.id,
      Hostname: HOSTNAME,
    },
    hostConfig: { NetworkMode: networkMode, ExtraHosts: extraHosts.map((pair) => pair.replace("=", ":")) },
    endpoints: {},
  });
  sandbox.images.delete(image.id);
  const runtime = getRuntime(sandbox, container);
  runtime.files.root = placeFiles(runtime.base, mounts.files);
  for (const volume of mounts.volumes) sandbox.volumes.put(volume);
  return sandbox.containers.put({ ...container, mounts: mounts.points });
}

/** Undefined where the client has gone. */
async function runToEnd(
  sandbox: Engine,
  container: Container,
  request: RunRequest,
  vertex: RunningVertex,
  signal: AbortSignal,
): Promise<number | undefined> {
  const runtime = getRuntime(sandbox, container);
  runtime.output.listen({ write: (stream, bytes) => vertex.log(stream, bytes), end: () => undefined });
  const exit = runtime.nextExit;
  try {
    await startContainer(sandbox, container.id);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (/^unable to find (?:user|group) /.test(error.message))
      throw new SolveError(request.describeFailure(error.message));
    vertex.log("stderr", Buffer.from(`${describeStartFailure(error.message)}\n`));
    return 1;
  }
  let exitCode: number | undefined;
  void exit.then((code) => {
    exitCode = code;
  });
  await waitUntilSettledOrAborted(exit, signal);
  if (exitCode !== undefined) return exitCode;
  signalContainer(sandbox, container, KILL);
  await exit;
  return undefined;
}

function describeStartFailure(message: string): string {
  const [why = message] = /exec: .*$/s.exec(message) ?? [];
  const prefix = "runc run failed: unable to start container process";
  return `${prefix}: ${why.replace(/: unknown$/, "")}`;
}

/** What the command has changed, over the layers before it. Targets of mounts leave nothing behind. */
function applyChanges(sandbox: Engine, container: Container, { input, mounts }: RunRequest): DirectoryNode {
  const { base, files } = getRuntime(sandbox, container);
  const targets = [...mounts.files, ...mounts.points.map(({ destination: path }) => ({ path }))];
  const changes = [...compareTrees(base, removeFiles(files.root, targets, base))];
  return withChanges(input.root, changes);
}
