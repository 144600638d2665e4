/** Runs health checks: a command in the container, at intervals (moby daemon/health.go). */

import { type Container, type ContainerHealth, type HealthResult, withState } from "../../model/container.ts";
import type { Healthcheck } from "../../model/container-config.ts";
import { emitContainerEvent } from "../../model/emit-events.ts";
import { isOlderEngine } from "../../model/engine-release.ts";
import { findHealthResults } from "../../runtime/behaviour-lookup.ts";
import type { ContainerRun } from "../../runtime/container-runtime.ts";
import type { Engine } from "../engine.ts";
import { createExec, prepareExec } from "./exec.ts";

const NS_PER_MS = 1e6;
const DEFAULT_MS = 30_000;
const DEFAULT_START_MS = 5000;
const DEFAULT_RETRIES = 3;
const KEPT_RESULTS = 5;
const LONGEST_OUTPUT = 4096;

/** Does nothing for a container without a health check. */
export function watchHealth(engine: Engine, { id, config }: Container, run: ContainerRun): void {
  const check = config.Healthcheck;
  const argv = check === undefined ? [] : toCommand(check);
  if (check === undefined || argv.length === 0) return;
  setHealth(engine, id, { status: "starting", failingStreak: 0, log: [] });
  probeRepeatedly(engine, id, run, check, argv).catch(engine.onFault);
}

function toCommand({ Test = [] }: Healthcheck): readonly string[] {
  const [kind, ...words] = Test;
  if (kind === "CMD") return words;
  return kind === "CMD-SHELL" ? ["/bin/sh", "-c", ...words] : [];
}

async function probeRepeatedly(
  engine: Engine,
  id: string,
  run: ContainerRun,
  check: Healthcheck,
  argv: readonly string[],
): Promise<void> {
  const { signal } = run.lifetime;
  const scripted = [...(findHealthResults(engine, engine.containers.get(id) as Container) ?? [])];
  for (;;) {
    await engine.time.sleep(chooseIntervalMs(engine, id, run, check), signal);
    if (signal.aborted) return;
    if (engine.containers.get(id)?.state.status !== "running") continue;
    const word = scripted.length > 1 ? scripted.shift() : scripted[0];
    const result = word === undefined ? await probe(engine, id, check, argv) : createScriptedResult(engine, word);
    if (signal.aborted) return;
    recordResult(engine, id, run, check, result);
  }
}

/** dockerd 28 probes more often until the container is healthy, but not beyond its start period. */
function chooseIntervalMs(engine: Engine, id: string, run: ContainerRun, check: Healthcheck): number {
  const ranNs = Number(engine.time.now() - run.main.startedAt);
  const isStarting = engine.containers.get(id)?.state.health?.status === "starting";
  if (isOlderEngine(engine.release, "28") || !isStarting || ranNs >= (check.StartPeriod ?? 0)) {
    return toMilliseconds(check.Interval);
  }
  return check.StartInterval ? toMilliseconds(check.StartInterval) : DEFAULT_START_MS;
}

/** A behaviour's result, for which no command runs. */
function createScriptedResult({ time }: Engine, word: "healthy" | "unhealthy"): HealthResult {
  return { start: time.now(), end: time.now(), exitCode: word === "healthy" ? 0 : 1, output: "" };
}

function toMilliseconds(ns: number | undefined): number {
  return ns === undefined || ns === 0 ? DEFAULT_MS : ns / NS_PER_MS;
}

async function probe(engine: Engine, id: string, check: Healthcheck, argv: readonly string[]): Promise<HealthResult> {
  const container = engine.containers.get(id) as Container;
  const start = engine.time.now();
  const exec = createExec(engine, container, { ...PROBE, argv, user: "" }, "probe");
  const prepared = prepareExec(engine, exec);
  if ("message" in prepared) return { start, end: engine.time.now(), exitCode: -1, output: prepared.message };
  const pieces: Buffer[] = [];
  prepared.output.listen({ write: (_, bytes) => void pieces.push(bytes), end: () => undefined });
  const timeoutMs = toMilliseconds(check.Timeout);
  const patience = new AbortController();
  const timeout = engine.time.sleep(timeoutMs, patience.signal).then(() => !patience.signal.aborted);
  const isLate = await Promise.race([prepared.start().then(() => false), timeout]);
  patience.abort();
  if (isLate) prepared.process.signal("KILL");
  const end = engine.time.now();
  if (isLate) return { start, end, exitCode: -1, output: `Health check exceeded timeout (${timeoutMs / 1000}s)` };
  const output = Buffer.concat(pieces).toString("utf8").slice(0, LONGEST_OUTPUT);
  return { start, end, exitCode: engine.execs.get(exec.id)?.exitCode ?? 0, output };
}

const PROBE = {
  env: [],
  workingDir: "",
  isTty: false,
  isPrivileged: false,
  opensStdin: false,
  opensStdout: true,
  opensStderr: true,
  detachKeys: "",
};

function recordResult(engine: Engine, id: string, run: ContainerRun, check: Healthcheck, result: HealthResult): void {
  const container = engine.containers.get(id);
  const before = container?.state.health;
  if (container === undefined || before === undefined) return;
  const log = [...before.log, result].slice(-KEPT_RESULTS);
  const isStarting = before.status === "starting" && isInStartPeriod(run, check, result);
  const failingStreak = result.exitCode === 0 ? 0 : before.failingStreak + Number(!isStarting);
  const isLost = failingStreak >= (check.Retries || DEFAULT_RETRIES);
  const status = result.exitCode === 0 ? "healthy" : isLost ? "unhealthy" : before.status;
  setHealth(engine, id, { status, failingStreak, log });
  if (status !== before.status) emitContainerEvent(engine, container, `health_status: ${status}`);
}

/** In the start period, failures do not count. */
function isInStartPeriod({ main }: ContainerRun, { StartPeriod = 0 }: Healthcheck, { start }: HealthResult): boolean {
  return start - main.startedAt < BigInt(StartPeriod);
}

function setHealth(engine: Engine, id: string, health: ContainerHealth): void {
  engine.containers.change(id, (container) => withState(container, { health }));
}
