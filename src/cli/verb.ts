import type { ArgumentsCamelCase, Argv, CommandModule } from "yargs";
import type { VerbTerminal } from "./terminal.ts";

/** A verb: its flags, and what it does with them. */
export interface CliVerb<Arguments> {
  /** Defines the flags. */
  readonly builder: (yargs: Argv) => unknown;
  /** Returns the exit status. A method, so that the list may hold verbs of any arguments. */
  run(argv: ArgumentsCamelCase<Arguments>, terminal: VerbTerminal): Promise<number>;
}

/** A line of the list of verbs. The module of a verb is loaded on demand: loading all takes longer than most verbs. */
export interface VerbLine<Arguments = never> {
  readonly command: string;
  readonly describe: string;
  readonly load: () => Promise<{ readonly verb: CliVerb<Arguments> }>;
}

/** The yargs command of a verb; `onStatus` receives the exit status. */
export function createCommand(
  { command, describe, load }: VerbLine,
  terminal: VerbTerminal,
  onStatus: (status: number) => void,
): CommandModule {
  return {
    command,
    describe,
    // yargs awaits the builder, although its types do not say so.
    builder: (async (yargs: Argv) => (await load()).verb.builder(yargs)) as never,
    handler: async (argv) => onStatus(await (await load()).verb.run(argv as never, terminal)),
  };
}
