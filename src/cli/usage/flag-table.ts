/** What yargs knows about the flags of a verb, as far as the check of its words needs it. */
import type { Argv } from "yargs";

/** The flags of a verb, without their dashes. */
export interface FlagTable {
  readonly names: ReadonlySet<string>;
  /** Flags without a value. */
  readonly booleans: ReadonlySet<string>;
  readonly choices: Readonly<Record<string, readonly string[]>>;
}

/** The part of yargs' state that is read; it has no types. */
interface YargsOptions {
  readonly key: Readonly<Record<string, unknown>>;
  readonly alias: Readonly<Record<string, readonly string[]>>;
  readonly boolean: readonly string[];
  readonly choices: Readonly<Record<string, readonly string[]>>;
}

/** The flags that are defined so far. */
export function readFlagTable(yargs: Argv, positionals: readonly string[]): FlagTable {
  const { key, alias, boolean, choices } = (yargs as unknown as { getOptions(): YargsOptions }).getOptions();
  const names = [...Object.keys(key), ...Object.values(alias).flat(), "h", "help"];
  return {
    names: new Set(names.filter((name) => !positionals.includes(name))),
    booleans: new Set([...boolean, "h", "help", "version"]),
    choices,
  };
}
