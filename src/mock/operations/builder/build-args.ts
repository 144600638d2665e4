/** The arguments of a build: what the client sets, and what ARG declares (moby builder/dockerfile/buildargs.go). */

import type { DockerfileInstruction } from "../dockerfile/instruction.ts";
import { expandWord } from "../dockerfile/shell-lexer.ts";
import { type DockerfileVariables, toVariables } from "../dockerfile/variables.ts";

/** Proxies need no ARG, and are not part of the history. */
const PROXIES: ReadonlySet<string> = new Set(
  ["HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY"].flatMap((name) => [name, name.toLowerCase()]),
);

/** The arguments of all stages, and which of them the current stage has declared. */
export class BuildArgs {
  /** The client's values. Null counts as not set. */
  readonly #values: Readonly<Record<string, string | null>>;
  readonly #globals = new Map<string, string | undefined>();
  readonly #used: Set<string>;
  #declared = new Map<string, string | undefined>();

  constructor(values: Readonly<Record<string, string | null>>) {
    this.#values = values;
    this.#used = new Set();
  }

  /** Begins a stage: it does not inherit the declarations of the stage before. */
  reset(): void {
    this.#declared = new Map();
  }

  /** Declares `X` or `X=1`. The value may refer to `variables`. */
  declare(
    { args }: Pick<DockerfileInstruction, "args">,
    variables: DockerfileVariables,
    escapeMark: string,
    isGlobal: boolean,
  ): void {
    for (const word of args) {
      const [name = "", value] = expandWord(word, variables, escapeMark).split(/=(.*)/s);
      this.#used.add(name);
      (isGlobal ? this.#globals : this.#declared).set(name, value);
    }
  }

  get globals(): DockerfileVariables {
    return withValues([...this.#globals].map(([name, value]) => [name, this.#values[name] ?? value] as const));
  }

  /** The declared arguments that have a value. A variable of the same name hides an argument. */
  getEffective(env: readonly string[]): DockerfileVariables {
    const ownVariables = toVariables(env);
    const pairs = [...this.#declared].map(
      ([name, value]) => [name, this.#values[name] ?? value ?? this.#getGlobal(name)] as const,
    );
    return withValues(pairs.filter(([name]) => !ownVariables.has(name)));
  }

  /** `NAME=value` of the proxies, which every RUN has in its environment. */
  get proxies(): readonly string[] {
    return Object.entries(this.#values).flatMap(([name, value]) =>
      PROXIES.has(name) && value !== null ? [`${name}=${value}`] : [],
    );
  }

  get unused(): readonly string[] {
    return Object.keys(this.#values)
      .filter((name) => !this.#used.has(name) && !PROXIES.has(name))
      .sort();
  }

  #getGlobal(name: string): string | undefined {
    return this.#globals.has(name) ? (this.#values[name] ?? this.#globals.get(name)) : undefined;
  }
}

function withValues(pairs: readonly (readonly [string, string | null | undefined])[]): DockerfileVariables {
  return new Map(pairs.flatMap(([name, value]) => (value == null ? [] : [[name, value] as const])));
}
