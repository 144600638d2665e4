/**
 * Applies the instructions that only change an image's settings. A build, a commit and an import use it (moby
 * builder/dockerfile/dispatchers.go).
 */

import { resolvePath } from "../../../userland/files/path.ts";
import { parseSignal } from "../../../userland/process/signals.ts";
import { badParameter } from "../../model/api-error.ts";
import { type ContainerConfig, type Healthcheck, toContainerConfig } from "../../model/container-config.ts";
import { parseGoDurationMs } from "../../model/go-time.ts";
import { expandWord } from "./expand.ts";
import type { DockerfileInstruction } from "./instruction.ts";
import type { DockerfileVariables } from "./variables.ts";

export interface ConfigSetting {
  readonly config: ContainerConfig;
  /** The step in the image's history: `ENV A=1`. */
  readonly comment: string;
}

export interface SettingContext {
  readonly config: ContainerConfig;
  readonly variables: DockerfileVariables;
  readonly escapeMark: string;
}

type ApplySetting = (instruction: DockerfileInstruction, surroundings: SettingContext) => ConfigSetting;

const DEFAULT_SHELL: readonly string[] = ["/bin/sh", "-c"];

export const SETTINGS: ReadonlyMap<string, ApplySetting> = new Map<string, ApplySetting>([
  ["cmd", setCommand],
  ["entrypoint", setEntrypoint],
  ["env", setEnvironment],
  ["expose", exposePorts],
  ["healthcheck", setHealthcheck],
  ["label", setLabels],
  ["onbuild", addTrigger],
  ["shell", setShell],
  ["stopsignal", setStopSignal],
  ["user", setUser],
  ["volume", setVolumes],
  ["workdir", setWorkdir],
]);

export function getShell({ Shell }: ContainerConfig): readonly string[] {
  return Shell === undefined || Shell.length === 0 ? DEFAULT_SHELL : Shell;
}

/** `["a" "b"]`: Go's %q of a list. */
function quoteList(words: readonly string[]): string {
  return `[${words.map((word) => JSON.stringify(word)).join(" ")}]`;
}

function toCommandWords({ args, isJson }: DockerfileInstruction, config: ContainerConfig): readonly string[] {
  if (isJson) return args;
  return args.length === 0 ? getShell(config) : [...getShell(config), ...args];
}

function setCommand(instruction: DockerfileInstruction, { config }: SettingContext): ConfigSetting {
  const Cmd = toCommandWords(instruction, config);
  return { config: { ...config, Cmd }, comment: `CMD ${quoteList(Cmd)}` };
}

function setEntrypoint(instruction: DockerfileInstruction, { config }: SettingContext): ConfigSetting {
  const Entrypoint = toCommandWords(instruction, config);
  return { config: { ...config, Entrypoint }, comment: `ENTRYPOINT ${quoteList(Entrypoint)}` };
}

function expandPairs({ args }: DockerfileInstruction, { variables, escapeMark }: SettingContext): [string, string][] {
  const expanded = args.map((word) => expandWord(word, variables, escapeMark));
  return expanded.flatMap((word, index) =>
    index % 2 === 0 ? [[word, expanded[index + 1] ?? ""] as [string, string]] : [],
  );
}

function formatPairs(pairs: readonly (readonly [string, string])[]): string {
  return pairs.map(([name, value]) => `${name}=${value}`).join(" ");
}

function setEnvironment(instruction: DockerfileInstruction, surroundings: SettingContext): ConfigSetting {
  const { config } = surroundings;
  const pairs = expandPairs(instruction, surroundings);
  const Env = pairs.reduce<readonly string[]>(withVariable, config.Env ?? []);
  return { config: { ...config, Env }, comment: `ENV ${formatPairs(pairs)}` };
}

/** A variable that was set before keeps its place. */
function withVariable(env: readonly string[], [name, value]: readonly [string, string]): readonly string[] {
  const pair = `${name}=${value}`;
  const isSet = env.some((other) => other.split("=")[0] === name);
  return isSet ? env.map((other) => (other.split("=")[0] === name ? pair : other)) : [...env, pair];
}

function setLabels(instruction: DockerfileInstruction, surroundings: SettingContext): ConfigSetting {
  const { config } = surroundings;
  const pairs = expandPairs(instruction, surroundings);
  const Labels = { ...config.Labels, ...Object.fromEntries(pairs) };
  return { config: { ...config, Labels }, comment: `LABEL ${formatPairs(pairs)}` };
}

function exposePorts(
  { args }: DockerfileInstruction,
  { config, variables, escapeMark }: SettingContext,
): ConfigSetting {
  const words = args.flatMap((word) => expandWord(word, variables, escapeMark).split(/\s+/)).sort();
  const ports = words.flatMap(parsePorts).map((port) => [port, {}] as const);
  const exposed = [...Object.entries(config.ExposedPorts ?? {}), ...ports].sort(([one], [other]) =>
    one < other ? -1 : 1,
  );
  return { config: { ...config, ExposedPorts: Object.fromEntries(exposed) }, comment: `EXPOSE ${words.join(" ")}` };
}

/** `80`, `53/udp`, `8000-8010`. */
function parsePorts(text: string): string[] {
  const [range = "", protocol = "tcp"] = text.split("/");
  const match = /^(\d+)(?:-(\d+))?$/.exec(range);
  if (match === null) throw badParameter(`Invalid containerPort: ${range}`);
  if (!["tcp", "udp", "sctp"].includes(protocol.toLowerCase())) throw badParameter(`Invalid proto: ${protocol}`);
  const [first, last] = [Number(match[1]), Number(match[2] ?? match[1])];
  if (last > 65_535 || last < first) throw badParameter(`Invalid containerPort: ${range}`);
  return Array.from({ length: last - first + 1 }, (_, index) => `${first + index}/${protocol.toLowerCase()}`);
}

function setVolumes({ args }: DockerfileInstruction, { config, variables, escapeMark }: SettingContext): ConfigSetting {
  const paths = args.map((word) => expandWord(word, variables, escapeMark).trim());
  if (paths.includes("")) throw badParameter("VOLUME specified can not be an empty string");
  const Volumes = { ...config.Volumes, ...Object.fromEntries(paths.map((path) => [path, {}])) };
  return { config: { ...config, Volumes }, comment: `VOLUME [${paths.join(" ")}]` };
}

function setUser(
  { args: [word = ""] }: DockerfileInstruction,
  { config, variables, escapeMark }: SettingContext,
): ConfigSetting {
  const User = expandWord(word, variables, escapeMark);
  return { config: { ...config, User }, comment: `USER ${User}` };
}

function setWorkdir(
  { args: [word = ""] }: DockerfileInstruction,
  { config, variables, escapeMark }: SettingContext,
): ConfigSetting {
  const path = expandWord(word, variables, escapeMark);
  if (path === "") throw badParameter("cannot normalize nothing");
  const WorkingDir = resolvePath(path, config.WorkingDir || "/");
  return { config: { ...config, WorkingDir }, comment: `WORKDIR ${WorkingDir}` };
}

function setStopSignal(
  { args: [word = ""] }: DockerfileInstruction,
  { config, variables, escapeMark }: SettingContext,
): ConfigSetting {
  const StopSignal = expandWord(word, variables, escapeMark);
  if (parseSignal(StopSignal) === undefined) throw badParameter(`Invalid signal: ${StopSignal}`);
  return { config: { ...config, StopSignal }, comment: `STOPSIGNAL ${StopSignal}` };
}

function setShell({ args }: DockerfileInstruction, { config }: SettingContext): ConfigSetting {
  return { config: { ...config, Shell: args }, comment: `SHELL [${args.join(" ")}]` };
}

function addTrigger({ rest }: DockerfileInstruction, { config }: SettingContext): ConfigSetting {
  return { config: { ...config, OnBuild: [...(config.OnBuild ?? []), rest] }, comment: `ONBUILD ${rest}` };
}

function setHealthcheck(instruction: DockerfileInstruction, { config }: SettingContext): ConfigSetting {
  const { args, flags, isJson } = instruction;
  const [type, ...rest] = args;
  const Test = type === "NONE" ? ["NONE"] : [isJson ? "CMD" : "CMD-SHELL", ...rest];
  const [Interval, Timeout, StartPeriod] = ["interval", "timeout", "start-period"].map((flag) =>
    toNanoseconds(flags.get(flag)),
  );
  const Retries = Number(flags.get("retries") ?? "");
  const check = { Test, Interval, Timeout, StartPeriod, Retries } as Healthcheck;
  const times = [Interval, Timeout, StartPeriod].map((ns = 0) => `"${formatGoDuration(ns)}"`).join(" ");
  const comment = `HEALTHCHECK &{${quoteList(Test)} ${times} '\\x${Retries.toString(16).padStart(2, "0")}'}`;
  return {
    config: toContainerConfig({ ...config, Healthcheck: mergeTimes(config.Healthcheck, check) } as ContainerConfig),
    comment,
  };
}

/** A time that is not set is that of the earlier check: dockerd merges them when it creates the step's container. */
function mergeTimes(before: Healthcheck | undefined, { Test, ...times }: Healthcheck): Healthcheck {
  const newTimes = Object.entries(times).filter(([, value]) => value !== 0);
  return { ...before, Test, ...Object.fromEntries(newTimes) } as Healthcheck;
}

/** The parser has checked the duration. */
function toNanoseconds(text: string | undefined): number {
  return (parseGoDurationMs(text ?? "") ?? 0) * 1e6;
}

/** Formats like Go's time.Duration.String, from whole milliseconds on. */
function formatGoDuration(ns: number): string {
  const seconds = ns / 1e9;
  if (ns === 0) return "0s";
  if (seconds < 1) return `${ns / 1e6}ms`;
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  return `${hours > 0 ? `${hours}h` : ""}${hours + minutes > 0 ? `${minutes}m` : ""}${seconds % 60}s`;
}
