/**
 * Child processes cannot be intercepted. While this process may reach no daemon, those that would inherit its way to one
 * get an address where nothing listens, which says what to do: clients print it.
 *
 * `ChildProcess.prototype.spawn` is where all that runs beside this process is started. What blocks it has no such place,
 * so that these functions are replaced one by one.
 */
import childProcess, { ChildProcess } from "node:child_process";
import { syncBuiltinESMExports } from "node:module";
import { isInFreshFolder } from "../listen/fresh-folder.ts";
import { getRegistry } from "./registry.ts";

const NOWHERE =
  "unix:///whalesong/child-processes-are-not-intercepted/serve-them-the-cassette-with-cassette.listen()/docker.sock";
const KEY = Symbol.for("whalesong.child-processes.v1");
const BLOCKING = ["spawnSync", "execFileSync", "execSync"] as const;

// biome-ignore lint/suspicious/noExplicitAny: whatever Node's functions take is passed on as it came
type AnyFunction = (this: any, ...parameters: any[]) => any;

/** One for all copies of this package. */
interface ChildRules {
  /** How many replays keep them from the daemon. */
  kept: number;
  /** Addresses that cassettes are served at. */
  readonly allowed: Set<string>;
}

/** @returns the function that ends it; later calls do nothing */
export function keepFromDaemon(): () => void {
  const rules = getRules();
  rules.kept += 1;
  let isKept = true;
  return () => {
    if (isKept) rules.kept -= 1;
    isKept = false;
  };
}

/** Lets child processes have this value of DOCKER_HOST. */
export function allowForChildren(url: string): void {
  getRules().allowed.add(url);
}

function getRules(): ChildRules {
  const host = ChildProcess as { [KEY]?: ChildRules };
  if (host[KEY] === undefined) {
    host[KEY] = { kept: 0, allowed: new Set() };
    replaceFunctions(host[KEY]);
  }
  return host[KEY];
}

/** For good: without a replay they do what Node's do. */
function replaceFunctions(rules: ChildRules): void {
  const prototype = ChildProcess.prototype as unknown as Record<"spawn", AnyFunction>;
  const { spawn } = prototype;
  prototype.spawn = function (this: ChildProcess, options?: { readonly envPairs?: readonly string[] }): unknown {
    const envPairs = options?.envPairs;
    return spawn.call(this, envPairs === undefined ? options : { ...options, envPairs: changePairs(envPairs, rules) });
  };
  const functions = childProcess as unknown as Record<string, AnyFunction>;
  for (const name of BLOCKING) {
    const below = functions[name] as AnyFunction;
    functions[name] = (...parameters) => below(...changeParameters(parameters, rules));
  }
  syncBuiltinESMExports();
}

function changePairs(pairs: readonly string[], rules: ChildRules): readonly string[] {
  const env = Object.fromEntries(pairs.map((pair) => [pair.replace(/=[\s\S]*/, ""), pair.replace(/^[^=]*=/, "")]));
  const changed = changeEnvironment(env, rules);
  return changed === env ? pairs : Object.entries(changed).map(([name, value]) => `${name}=${value}`);
}

/** `(file, arguments?, options?)`, or `(command, options?)`. */
function changeParameters([file, ...rest]: readonly unknown[], rules: ChildRules): unknown[] {
  const words = rest.filter(Array.isArray);
  const options = rest.find((one) => typeof one === "object" && one !== null && !Array.isArray(one)) ?? {};
  const env = (options as { readonly env?: NodeJS.ProcessEnv }).env ?? process.env;
  const changed = changeEnvironment(env, rules);
  return changed === env ? [file, ...rest] : [file, ...words, { ...options, env: changed }];
}

/** An address that is not inherited was chosen for the child. */
function changeEnvironment(env: NodeJS.ProcessEnv, { kept, allowed }: ChildRules): NodeJS.ProcessEnv {
  const { DOCKER_HOST = "", DOCKER_CONTEXT: _, DOCKER_TLS: _tls, DOCKER_TLS_VERIFY: _verify, ...rest } = env;
  const isFree = kept === 0 || getRegistry().context.getStore() === "outside";
  const isInherited = DOCKER_HOST === (process.env.DOCKER_HOST ?? "");
  if (isFree || !isInherited || allowed.has(DOCKER_HOST) || isOurs(DOCKER_HOST)) return env;
  return { ...rest, DOCKER_HOST: NOWHERE };
}

/** A recorder, a replay or a mock of whalesong: that of `whalesong run -- npm test`, too. */
function isOurs(host: string): boolean {
  return isInFreshFolder(host.replace(/^unix:\/\//, ""));
}
