/**
 * Instructions that change nothing but an image's settings: how, and what its history says of it (moby
 * builder/dockerfile/dispatchers.go).
 */

import { absolute } from "../../../userland/files/path.ts";
import { signalNumber } from "../../../userland/process/signals.ts";
import { badParameter } from "../../model/api-error.ts";
import { type ContainerConfig, configOf, type Healthcheck } from "../../model/container-config.ts";
import { goDurationMs } from "../../model/go-time.ts";
import { expand, type Variables } from "./dockerfile/expand.ts";
import type { Instruction } from "./dockerfile/instruction.ts";

export interface Setting {
  readonly config: ContainerConfig;
  /** `ENV A=1` */
  readonly comment: string;
}

export interface Surroundings {
  readonly config: ContainerConfig;
  readonly variables: Variables;
  readonly escapeMark: string;
}

type Change = (instruction: Instruction, surroundings: Surroundings) => Setting;

export const DEFAULT_SHELL: readonly string[] = ["/bin/sh", "-c"];

export const SETTINGS: ReadonlyMap<string, Change> = new Map<string, Change>([
  ["cmd", command],
  ["entrypoint", entrypoint],
  ["env", environment],
  ["expose", expose],
  ["healthcheck", healthcheck],
  ["label", label],
  ["onbuild", onbuild],
  ["shell", shell],
  ["stopsignal", stopSignal],
  ["user", user],
  ["volume", volume],
  ["workdir", workdir],
]);

export function shellOf({ Shell }: ContainerConfig): readonly string[] {
  return Shell === undefined || Shell.length === 0 ? DEFAULT_SHELL : Shell;
}

/** `["a" "b"]`: Go's %q of a list. */
function quoted(words: readonly string[]): string {
  return `[${words.map((word) => JSON.stringify(word)).join(" ")}]`;
}

function words({ args, isJson }: Instruction, config: ContainerConfig): readonly string[] {
  if (isJson) return args;
  return args.length === 0 ? shellOf(config) : [...shellOf(config), ...args];
}

function command(instruction: Instruction, { config }: Surroundings): Setting {
  const Cmd = words(instruction, config);
  return { config: { ...config, Cmd }, comment: `CMD ${quoted(Cmd)}` };
}

/** A command that the image had from elsewhere does not go with a new entrypoint: who builds takes it away. */
function entrypoint(instruction: Instruction, { config }: Surroundings): Setting {
  const Entrypoint = words(instruction, config);
  return { config: { ...config, Entrypoint }, comment: `ENTRYPOINT ${quoted(Entrypoint)}` };
}

function pairsIn({ args }: Instruction, { variables, escapeMark }: Surroundings): [string, string][] {
  const expanded = args.map((word) => expand(word, variables, escapeMark));
  return expanded.flatMap((word, index) =>
    index % 2 === 0 ? [[word, expanded[index + 1] ?? ""] as [string, string]] : [],
  );
}

function spoken(pairs: readonly (readonly [string, string])[]): string {
  return pairs.map(([name, value]) => `${name}=${value}`).join(" ");
}

function environment(instruction: Instruction, surroundings: Surroundings): Setting {
  const { config } = surroundings;
  const pairs = pairsIn(instruction, surroundings);
  const Env = pairs.reduce<readonly string[]>(withVariable, config.Env ?? []);
  return { config: { ...config, Env }, comment: `ENV ${spoken(pairs)}` };
}

/** In the place that it had. */
function withVariable(env: readonly string[], [name, value]: readonly [string, string]): readonly string[] {
  const pair = `${name}=${value}`;
  const isThere = env.some((other) => other.split("=")[0] === name);
  return isThere ? env.map((other) => (other.split("=")[0] === name ? pair : other)) : [...env, pair];
}

function label(instruction: Instruction, surroundings: Surroundings): Setting {
  const { config } = surroundings;
  const pairs = pairsIn(instruction, surroundings);
  const Labels = { ...config.Labels, ...Object.fromEntries(pairs) };
  return { config: { ...config, Labels }, comment: `LABEL ${spoken(pairs)}` };
}

function expose({ args }: Instruction, { config, variables, escapeMark }: Surroundings): Setting {
  const given = args.flatMap((word) => expand(word, variables, escapeMark).split(/\s+/)).sort();
  const ports = given.flatMap(portsIn).map((port) => [port, {}] as const);
  const all = [...Object.entries(config.ExposedPorts ?? {}), ...ports].sort(([one], [other]) => (one < other ? -1 : 1));
  return { config: { ...config, ExposedPorts: Object.fromEntries(all) }, comment: `EXPOSE ${given.join(" ")}` };
}

/** `80`, `53/udp`, `8000-8010`. */
function portsIn(text: string): string[] {
  const [range = "", protocol = "tcp"] = text.split("/");
  const match = /^(\d+)(?:-(\d+))?$/.exec(range);
  if (match === null) throw badParameter(`Invalid containerPort: ${range}`);
  if (!["tcp", "udp", "sctp"].includes(protocol.toLowerCase())) throw badParameter(`Invalid proto: ${protocol}`);
  const [first, last] = [Number(match[1]), Number(match[2] ?? match[1])];
  if (last > 65_535 || last < first) throw badParameter(`Invalid containerPort: ${range}`);
  return Array.from({ length: last - first + 1 }, (_, index) => `${first + index}/${protocol.toLowerCase()}`);
}

function volume({ args }: Instruction, { config, variables, escapeMark }: Surroundings): Setting {
  const paths = args.map((word) => expand(word, variables, escapeMark).trim());
  if (paths.includes("")) throw badParameter("VOLUME specified can not be an empty string");
  const Volumes = { ...config.Volumes, ...Object.fromEntries(paths.map((path) => [path, {}])) };
  return { config: { ...config, Volumes }, comment: `VOLUME [${paths.join(" ")}]` };
}

function user({ args: [word = ""] }: Instruction, { config, variables, escapeMark }: Surroundings): Setting {
  const User = expand(word, variables, escapeMark);
  return { config: { ...config, User }, comment: `USER ${User}` };
}

function workdir({ args: [word = ""] }: Instruction, { config, variables, escapeMark }: Surroundings): Setting {
  const path = expand(word, variables, escapeMark);
  if (path === "") throw badParameter("cannot normalize nothing");
  const WorkingDir = absolute(path, config.WorkingDir || "/");
  return { config: { ...config, WorkingDir }, comment: `WORKDIR ${WorkingDir}` };
}

function stopSignal({ args: [word = ""] }: Instruction, { config, variables, escapeMark }: Surroundings): Setting {
  const StopSignal = expand(word, variables, escapeMark);
  if (signalNumber(StopSignal) === undefined) throw badParameter(`Invalid signal: ${StopSignal}`);
  return { config: { ...config, StopSignal }, comment: `STOPSIGNAL ${StopSignal}` };
}

function shell({ args }: Instruction, { config }: Surroundings): Setting {
  return { config: { ...config, Shell: args }, comment: `SHELL [${args.join(" ")}]` };
}

function onbuild({ rest }: Instruction, { config }: Surroundings): Setting {
  return { config: { ...config, OnBuild: [...(config.OnBuild ?? []), rest] }, comment: `ONBUILD ${rest}` };
}

function healthcheck(instruction: Instruction, { config }: Surroundings): Setting {
  const { args, flags, isJson } = instruction;
  const [type, ...rest] = args;
  const Test = type === "NONE" ? ["NONE"] : [isJson ? "CMD" : "CMD-SHELL", ...rest];
  const [Interval, Timeout, StartPeriod] = ["interval", "timeout", "start-period"].map((flag) =>
    nanoseconds(flag, flags.get(flag)),
  );
  const Retries = Number(flags.get("retries") ?? 0);
  const check = { Test, Interval, Timeout, StartPeriod, Retries } as Healthcheck;
  const times = [Interval, Timeout, StartPeriod].map((ns = 0) => `"${spokenTime(ns)}"`).join(" ");
  const comment = `HEALTHCHECK &{${quoted(Test)} ${times} '\\x${Retries.toString(16).padStart(2, "0")}'}`;
  return {
    config: configOf({ ...config, Healthcheck: withTimesOf(config.Healthcheck, check) } as ContainerConfig),
    comment,
  };
}

/** Times that are not given are the earlier check's: the daemon merges them when it makes the step's container. */
function withTimesOf(before: Healthcheck | undefined, { Test, ...times }: Healthcheck): Healthcheck {
  const given = Object.entries(times).filter(([, value]) => value !== 0);
  return { ...before, Test, ...Object.fromEntries(given) } as Healthcheck;
}

function nanoseconds(flag: string, text: string | undefined): number {
  if (text === undefined) return 0;
  const ms = goDurationMs(text);
  if (ms === undefined) throw badParameter(`time: invalid duration "${text}"`);
  if (ms < 1) throw badParameter(`Interval "${flag}" cannot be less than 1ms`);
  return ms * 1e6;
}

/** time.Duration's String, for whole seconds and more. */
function spokenTime(ns: number): string {
  const seconds = ns / 1e9;
  if (ns === 0) return "0s";
  if (seconds < 1) return `${ns / 1e6}ms`;
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  return `${hours > 0 ? `${hours}h` : ""}${hours + minutes > 0 ? `${minutes}m` : ""}${seconds % 60}s`;
}
