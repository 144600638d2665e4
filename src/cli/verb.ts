import type { ArgumentsCamelCase, Argv, CommandModule } from "yargs";

/** What a verb is told by its flags, and what it does. */
export interface CliVerb<Arguments> {
  readonly builder: (yargs: Argv) => Argv<Arguments>;
  readonly handler: (argv: ArgumentsCamelCase<Arguments>) => Promise<void>;
}

/** A verb that is loaded when it is asked for: to load them all takes longer than most commands do. */
export function defineVerb<Arguments>(
  command: string,
  describe: string,
  load: () => Promise<{ readonly verb: CliVerb<Arguments> }>,
): CommandModule<object, Arguments> {
  return {
    command,
    describe,
    // yargs awaits it, which its types do not say.
    builder: (async (yargs: Argv) => (await load()).verb.builder(yargs)) as never,
    handler: async (argv) => (await load()).verb.handler(argv),
  };
}
