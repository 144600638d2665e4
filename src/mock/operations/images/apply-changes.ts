/** Applies the `changes` of a commit or an import, lines of a Dockerfile (moby builder/dockerfile/builder.go, BuildFromConfig). */
import { badParameter } from "../../model/api-error.ts";
import type { ContainerConfig } from "../../model/container-config.ts";
import { parseInstruction } from "../dockerfile/instruction.ts";
import { joinLines } from "../dockerfile/lines.ts";
import { SETTINGS } from "../dockerfile/settings.ts";
import { expandWord } from "../dockerfile/shell-lexer.ts";
import { toVariables } from "../dockerfile/variables.ts";

const ALLOWED: ReadonlySet<string> = new Set(
  "cmd entrypoint healthcheck env expose label onbuild user volume workdir".split(" "),
);

/** @throws ApiError 400 for an instruction that is not allowed, or a syntax error */
export function applyChanges(config: ContainerConfig, changes: readonly string[]): ContainerConfig {
  const text = changes.join("\n");
  if (text.trim() === "") return config;
  const { lines, escapeMark } = joinLines(text);
  for (const { text: line } of lines) {
    const name = line.split(/\s/)[0] as string;
    if (!ALLOWED.has(name.toLowerCase())) throw badParameter(`${name} is not a valid change command`);
  }
  return lines.reduce((changed, line) => {
    const instruction = parseInstruction(line, escapeMark);
    const expand = (word: string): string => expandWord(word, toVariables(changed.Env ?? []), escapeMark);
    return SETTINGS.get(instruction.name)?.(instruction, { config: changed, expand }).config ?? changed;
  }, config);
}
