/**
 * Applies the instructions that only change an image's settings. A build, a commit and an import use it (moby
 * builder/dockerfile/dispatchers.go).
 */

import { resolvePath } from "../../../userland/files/path.ts";
import { parseSignal } from "../../../userland/process/signals.ts";
import { badParameter } from "../../model/api-error.ts";
import { type ContainerConfig, type Healthcheck, toContainerConfig } from "../../model/container-config.ts";
import { parseGoDurationMs } from "../../model/go-time.ts";
import type { DockerfileInstruction } from "./instruction.ts";

export interface ConfigSetting {
  readonly config: ContainerConfig;
  /** The step in the image's history: `ENV A=1`. */
  readonly comment: string;
}

export interface SettingContext {
  readonly config: ContainerConfig;
  /** Replaces the variables of a word. */
  readonly expand: (word: string) => string;
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

function expandPairs({ args }: DockerfileInstruction, { expand }: SettingContext): [string, string][] {
  const expanded = args.map((word) => expand(word));
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

function exposePorts({ args }: DockerfileInstruction, { config, expand }: SettingContext): ConfigSetting {
  const words = args.flatMap((word) => expand(word).split(/\s+/)).sort();
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

function setVolumes({ args }: DockerfileInstruction, { config, expand }: SettingContext): ConfigSetting {
  const paths = args.map((word) => expand(word).trim());
  if (paths.includes("")) throw badParameter("VOLUME specified can not be an empty string");
  const Volumes = { ...config.Volumes, ...Object.fromEntries(paths.map((path) => [path, {}])) };
  return { config: { ...config, Volumes }, comment: `VOLUME [${paths.join(" ")}]` };
}

function setUser({ args: [word = ""] }: DockerfileInstruction, { config, expand }: SettingContext): ConfigSetting {
  const User = expand(word);
  return { config: { ...config, User }, comment: `USER ${User}` };
}

function setWorkdir({ args: [word = ""] }: DockerfileInstruction, { config, expand }: SettingContext): ConfigSetting {
  const path = expand(word);
  if (path === "") throw badParameter("cannot normalize nothing");
  const WorkingDir = resolvePath(path, config.WorkingDir || "/");
  return { config: { ...config, WorkingDir }, comment: `WORKDIR ${WorkingDir}` };
}

function setStopSignal(
  { args: [word = ""] }: DockerfileInstruction,
  { config, expand }: SettingContext,
): ConfigSetting {
  const StopSignal = expand(word);
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
  const check = readHealthcheck(instruction);
  return {
    config: toContainerConfig({ ...config, Healthcheck: mergeTimes(config.Healthcheck, check) } as ContainerConfig),
    comment: formatHealthcheck(instruction),
  };
}

function readHealthcheck({ args, flags, isJson }: DockerfileInstruction): Healthcheck {
  const [type, ...rest] = args;
  const Test = type === "NONE" ? ["NONE"] : [isJson ? "CMD" : "CMD-SHELL", ...rest];
  const [Interval, Timeout, StartPeriod] = ["interval", "timeout", "start-period"].map((flag) =>
    toNanoseconds(flags.get(flag)),
  );
  const StartInterval = toNanoseconds(flags.get("start-interval"));
  const check = { Test, Interval, Timeout, StartPeriod, Retries: Number(flags.get("retries") ?? "") };
  return (StartInterval === 0 ? check : { ...check, StartInterval }) as Healthcheck;
}

/** As the history has it. @param hasStartInterval BuildKit's has a fourth time. @default false */
export function formatHealthcheck(instruction: DockerfileInstruction, hasStartInterval = false): string {
  const check = readHealthcheck(instruction) as Healthcheck & { readonly StartInterval?: number };
  const { Test = [], Interval, Timeout, StartPeriod, StartInterval, Retries = 0 } = check;
  const all = [Interval, Timeout, StartPeriod, ...(hasStartInterval ? [StartInterval] : [])];
  const times = all.map((ns = 0) => `"${formatGoDuration(ns)}"`).join(" ");
  return `HEALTHCHECK &{${quoteList(Test)} ${times} '\\x${Retries.toString(16).padStart(2, "0")}'}`;
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
