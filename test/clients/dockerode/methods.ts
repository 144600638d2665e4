/** Which of dockerode's methods have been used. */
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const NOUNS = [
  "docker",
  "container",
  "image",
  "volume",
  "network",
  "exec",
  "service",
  "task",
  "node",
  "plugin",
  "secret",
  "config",
];
/** They ask the daemon for nothing, or are parts of others; and what is told of the machine is tried in test/e2e. */
const LEFT_OUT = /^(?:docker\.(?:get(?!Events|Images)\w+|run\w+|followProgress|version|info)|\w+\.constructor)$/;

export interface Use {
  readonly all: readonly string[];
  readonly used: Set<string>;
}

/** Watches every method from now on. */
export function watchMethods(): Use {
  const use: Use = { all: [], used: new Set() };
  return { ...use, all: NOUNS.flatMap((noun) => watchPrototype(noun, use.used)) };
}

export function listUnused({ all, used }: Use): readonly string[] {
  return all.filter((method) => !used.has(method) && !LEFT_OUT.test(method));
}

function watchPrototype(noun: string, used: Set<string>): readonly string[] {
  const { prototype } = require(`dockerode/lib/${noun}.js`) as {
    prototype: Record<string, (...all: unknown[]) => unknown>;
  };
  return Object.getOwnPropertyNames(prototype).map((name) => {
    const method = prototype[name] as (...all: unknown[]) => unknown;
    const label = `${noun}.${name}`;
    if (name === "constructor") return label;
    prototype[name] = function (this: unknown, ...parameters: unknown[]) {
      used.add(label);
      return method.apply(this, parameters);
    };
    return label;
  });
}
