/** Commands that print the environment, or run another command in another one. */
import { findProgramFor } from "../../process/find-program.ts";
import type { Process, Program } from "../../process/process.ts";
import { expectWords } from "../applet-errors.ts";
import { readOptions } from "../read-options.ts";
import { createLookupError } from "../run-command.ts";

const LONG = { "ignore-environment": "i", null: "0", unset: "u" };
const ASSIGNMENT = /^([^=]+)=([\s\S]*)$/;

/** Prints the environment, or runs a command with another one. `-` alone means `-i`. */
export const env: Program = async (self) => {
  const { flags, all, words } = readOptions(self.argv, "i0u:", { long: LONG, stopsAtWord: true });
  const isEmpty = flags.has("i") || words[0] === "-";
  const variables: Record<string, string> = isEmpty ? {} : { ...self.env };
  for (const [letter, name] of all) if (letter === "u") delete variables[name];
  const rest = words[0] === "-" ? words.slice(1) : words;
  const commandAt = rest.findIndex((word) => !ASSIGNMENT.test(word));
  for (const word of commandAt === -1 ? rest : rest.slice(0, commandAt)) {
    const [, name = "", value = ""] = ASSIGNMENT.exec(word) ?? [];
    variables[name] = value;
  }
  if (commandAt !== -1) return replaceProcess(self, rest.slice(commandAt), variables);
  const end = flags.has("0") ? "\0" : "\n";
  await self.writeStdout(
    Object.entries(variables)
      .map(([name, value]) => `${name}=${value}${end}`)
      .join(""),
  );
  return 0;
};

/** Prints all variables, or the values of those that are named. It has no options. */
export const printenv: Program = async (self) => {
  const names = self.argv.slice(1);
  const lines =
    names.length === 0
      ? Object.entries(self.env).map(([name, value]) => `${name}=${value}\n`)
      : names.flatMap((name) => (self.env[name] === undefined ? [] : [`${self.env[name]}\n`]));
  await self.writeStdout(lines.join(""));
  return names.every((name) => self.env[name] !== undefined) ? 0 : 1;
};

export const nohup: Program = (self) => {
  const words = self.argv.slice(1);
  expectWords(words, 1);
  return replaceProcess(self, words, self.env);
};

async function replaceProcess(
  self: Process,
  argv: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<number> {
  self.env = variables;
  const program = findProgramFor(self, argv);
  if (typeof program !== "function") throw createLookupError(argv, program);
  self.argv = argv;
  return program(self);
}
