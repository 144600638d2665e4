/** What a Dockerfile's words can refer to: variables, and arguments of the build (moby builder/dockerfile/buildargs.go). */
import { expand, type Variables } from "./dockerfile/expand.ts";
import type { Instruction } from "./dockerfile/instruction.ts";

/** Known without ARG, and part of no history. */
const PROXIES: ReadonlySet<string> = new Set(
  ["HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY"].flatMap((name) => [name, name.toLowerCase()]),
);

export function variablesOf(env: readonly string[]): Variables {
  return new Map(
    env.map((pair) => {
      const equals = pair.indexOf("=");
      return equals === -1 ? ([pair, ""] as const) : ([pair.slice(0, equals), pair.slice(equals + 1)] as const);
    }),
  );
}

/** The arguments of one stage. */
export class BuildArgs {
  /** What the client gives; null: nothing. */
  readonly #given: Readonly<Record<string, string | null>>;
  readonly #globals = new Map<string, string | undefined>();
  readonly #used: Set<string>;
  #declared = new Map<string, string | undefined>();

  constructor(given: Readonly<Record<string, string | null>>) {
    this.#given = given;
    this.#used = new Set();
  }

  /** A new stage knows nothing of the one before. */
  reset(): void {
    this.#declared = new Map();
  }

  /** `X`, `X=1`: expanded in what is known so far. */
  declare({ args }: Instruction, variables: Variables, escapeMark: string, isGlobal: boolean): void {
    for (const word of args) {
      const [name = "", value] = expand(word, variables, escapeMark).split(/=(.*)/s);
      this.#used.add(name);
      (isGlobal ? this.#globals : this.#declared).set(name, value);
    }
  }

  get globals(): Variables {
    return filled([...this.#globals].map(([name, value]) => [name, this.#given[name] ?? value] as const));
  }

  /** Those that have a value; variables of the same names come before them. */
  effective(env: readonly string[]): Variables {
    const own = variablesOf(env);
    const pairs = [...this.#declared].map(
      ([name, value]) => [name, this.#given[name] ?? value ?? this.#globalOf(name)] as const,
    );
    return filled(pairs.filter(([name]) => !own.has(name)));
  }

  /** What is in the environment of a RUN besides. */
  get proxies(): readonly string[] {
    return Object.entries(this.#given).flatMap(([name, value]) =>
      PROXIES.has(name) && value !== null ? [`${name}=${value}`] : [],
    );
  }

  get unused(): readonly string[] {
    return Object.keys(this.#given)
      .filter((name) => !this.#used.has(name) && !PROXIES.has(name))
      .sort();
  }

  #globalOf(name: string): string | undefined {
    return this.#globals.has(name) ? (this.#given[name] ?? this.#globals.get(name)) : undefined;
  }
}

function filled(pairs: readonly (readonly [string, string | null | undefined])[]): Variables {
  return new Map(pairs.flatMap(([name, value]) => (value == null ? [] : [[name, value] as const])));
}
