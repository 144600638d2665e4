/** `whalesong completion`: the script that a shell sources. Those of bash and zsh are of yargs. */
import { basename } from "node:path";
import type { Argv } from "yargs";
import type { TextOutput } from "./terminal.ts";
import { UsageMistake } from "./usage/usage-mistake.ts";

const SHELLS: readonly string[] = ["bash", "zsh", "fish"];
const HELP = `whalesong completion [bash|zsh|fish]

Prints a script that completes commands, flags, choices and error codes: for the shell that is named, or for yours.

Examples:
  whalesong completion bash >> ~/.bashrc
  whalesong completion zsh >> ~/.zshrc
  whalesong completion fish > ~/.config/fish/completions/whalesong.fish
`;
/** The script of yargs does not see that a new word begins, and completes no files. */
const FISH = `function __whalesong_complete
    set -l current (commandline -ct)
    set -l words (whalesong --get-yargs-completions (commandline -opc)[2..-1] "$current")
    if test (count $words) -gt 0
        printf '%s\\n' $words
    else
        __fish_complete_path "$current"
    end
end
complete -c whalesong -f -a '(__whalesong_complete)'
`;

/**
 * Prints the script, or the help.
 * @param words those behind `completion`
 * @param openParser the parser whose commands are completed; yargs reads SHELL when it is made
 */
export function printCompletion(words: readonly string[], openParser: () => Argv, stdout: TextOutput): void {
  const [shell] = words;
  if (words.some((word) => word === "--help" || word === "-h")) return void stdout.write(HELP);
  if (shell !== undefined && !SHELLS.includes(shell))
    throw new UsageMistake(`completion is for bash, zsh or fish, got \`${shell}\``);
  if ((shell ?? basename(process.env.SHELL ?? "")) === "fish") return void stdout.write(FISH);
  if (shell === undefined) openParser().showCompletionScript();
  else printFor(shell, openParser);
}

function printFor(shell: string, openParser: () => Argv): void {
  const { SHELL, ZSH_NAME } = process.env;
  process.env.SHELL = shell;
  delete process.env.ZSH_NAME;
  openParser().showCompletionScript();
  restoreVariables({ SHELL, ZSH_NAME });
}

function restoreVariables(variables: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}
