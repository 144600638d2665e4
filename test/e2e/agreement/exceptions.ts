import type { EngineName } from "../engines.ts";

/** Where the simulated daemon differs from the real one on purpose: each with its reason. */
export interface AgreementException {
  /** The engine with the difference. Without one, both have it. */
  readonly engine?: EngineName;
  readonly about: string;
  readonly difference: RegExp;
  readonly reason: string;
}

export const EXCEPTIONS: readonly AgreementException[] = [
  { about: "SystemAuth", difference: /./, reason: "the real daemon asks a registry, which it cannot reach here" },
  { about: "SystemInfo", difference: /Mirrors/, reason: "the private daemon has a mirror" },
  {
    engine: "28",
    about: "SystemInfo",
    difference: /(Containerd|Init)Commit\.Expected/,
    reason: "the distribution's build does not know these commits, and an empty one is omitted",
  },
  {
    engine: "28",
    about: "NetworkDelete",
    difference: /has active endpoints/,
    reason: "the containers of a network are in a map's order",
  },
  {
    about: "NetworkList",
    difference: /Gateway/,
    reason: "a daemon that has just made its bridge does not tell the gateway before it is started again",
  },
  {
    about: "ContainerInspect",
    difference: /NetworkSettings\.Ports(:null|\{\})/,
    reason: "before 1.21 no ports are null, and an empty map once the container was restarted",
  },
];
