/** Health checks: a command run in the container again and again (moby daemon/health.go). */

import { type Container, type Health, type HealthResult, withState } from "../../model/container.ts";
import type { Healthcheck } from "../../model/container-config.ts";
import { emitContainerEvent } from "../../model/emit-events.ts";
import { healthOf } from "../../runtime/behaviour-lookup.ts";
import type { Run } from "../../runtime/container-runtime.ts";
import type { Engine } from "../engine.ts";
import { createExec, prepareExec } from "./exec.ts";

const NS_PER_MS = 1e6;
const DEFAULT_MS = 30_000;
const DEFAULT_RETRIES = 3;
const KEPT_RESULTS = 5;
const LONGEST_OUTPUT = 4096;

/** Nothing happens where the container is to have none. */
export function watchHealth(engine: Engine, { id, config }: Container, run: Run): void {
  const check = config.Healthcheck;
  const argv = check === undefined ? [] : commandOf(check);
  if (check === undefined || argv.length === 0) return;
  setHealth(engine, id, { status: "starting", failingStreak: 0, log: [] });
  probeAgainAndAgain(engine, id, run, check, argv).catch(engine.onFault);
}

function commandOf({ Test = [] }: Healthcheck): readonly string[] {
  const [kind, ...words] = Test;
  if (kind === "CMD") return words;
  return kind === "CMD-SHELL" ? ["/bin/sh", "-c", ...words] : [];
}

async function probeAgainAndAgain(
  engine: Engine,
  id: string,
  run: Run,
  check: Healthcheck,
  argv: readonly string[],
): Promise<void> {
  const { signal } = run.over;
  const foretold = [...(healthOf(engine, engine.containers.get(id) as Container) ?? [])];
  for (;;) {
    await engine.time.sleep(milliseconds(check.Interval), signal);
    if (signal.aborted) return;
    if (engine.containers.get(id)?.state.status !== "running") continue;
    const word = foretold.length > 1 ? foretold.shift() : foretold[0];
    const result = word === undefined ? await probe(engine, id, check, argv) : said(engine, word);
    if (signal.aborted) return;
    judge(engine, id, run, check, result);
  }
}

/** The result of a check that was not run. */
function said({ time }: Engine, word: "healthy" | "unhealthy"): HealthResult {
  return { start: time.now(), end: time.now(), exitCode: word === "healthy" ? 0 : 1, output: "" };
}

function milliseconds(ns: number | undefined): number {
  return ns === undefined || ns === 0 ? DEFAULT_MS : ns / NS_PER_MS;
}

async function probe(engine: Engine, id: string, check: Healthcheck, argv: readonly string[]): Promise<HealthResult> {
  const container = engine.containers.get(id) as Container;
  const start = engine.time.now();
  const exec = createExec(engine, container, { ...PROBE, argv, user: "" }, "probe");
  const prepared = prepareExec(engine, exec);
  if ("message" in prepared) return { start, end: engine.time.now(), exitCode: -1, output: prepared.message };
  const pieces: Buffer[] = [];
  prepared.output.listen({ hear: (_, bytes) => void pieces.push(bytes), end: () => undefined });
  const timeoutMs = milliseconds(check.Timeout);
  const patience = new AbortController();
  const late = engine.time.sleep(timeoutMs, patience.signal).then(() => !patience.signal.aborted);
  const isLate = await Promise.race([prepared.go().then(() => false), late]);
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

function judge(engine: Engine, id: string, run: Run, check: Healthcheck, result: HealthResult): void {
  const container = engine.containers.get(id);
  const before = container?.state.health;
  if (container === undefined || before === undefined) return;
  const log = [...before.log, result].slice(-KEPT_RESULTS);
  const isStarting = before.status === "starting" && isWithinStart(run, check, result);
  const failingStreak = result.exitCode === 0 ? 0 : before.failingStreak + Number(!isStarting);
  const isLost = failingStreak >= (check.Retries || DEFAULT_RETRIES);
  const status = result.exitCode === 0 ? "healthy" : isLost ? "unhealthy" : before.status;
  setHealth(engine, id, { status, failingStreak, log });
  if (status !== before.status) emitContainerEvent(engine, container, `health_status: ${status}`);
}

/** Failures do not count while the container is still starting. */
function isWithinStart({ main }: Run, { StartPeriod = 0 }: Healthcheck, { start }: HealthResult): boolean {
  return start - main.startedAt < BigInt(StartPeriod);
}

function setHealth(engine: Engine, id: string, health: Health): void {
  engine.containers.change(id, (container) => withState(container, { health }));
}
