/** Lines of a Dockerfile that a commit or an import applies to settings (moby builder/dockerfile/builder.go, BuildFromConfig). */
import { badParameter } from "../../model/api-error.ts";
import type { ContainerConfig } from "../../model/container-config.ts";
import { instructionIn } from "../builder/dockerfile/instruction.ts";
import { linesOf } from "../builder/dockerfile/lines.ts";
import { SETTINGS } from "../builder/settings.ts";
import { variablesOf } from "../builder/variables.ts";

const ALLOWED: ReadonlySet<string> = new Set(
  "cmd entrypoint healthcheck env expose label onbuild user volume workdir".split(" "),
);

/** @throws Refusal 400 for what cannot be applied so */
export function changedConfig(config: ContainerConfig, changes: readonly string[]): ContainerConfig {
  const text = changes.join("\n");
  if (text.trim() === "") return config;
  const { lines, escapeMark } = linesOf(text);
  for (const { text: line } of lines) {
    const name = (line.split(/\s/)[0] as string).toLowerCase();
    if (!ALLOWED.has(name)) throw badParameter(`${name} is not a valid change command`);
  }
  return lines.reduce((changed, line) => {
    const instruction = instructionIn(line, escapeMark);
    const surroundings = { config: changed, variables: variablesOf(changed.Env ?? []), escapeMark };
    return SETTINGS.get(instruction.name)?.(instruction, surroundings).config ?? changed;
  }, config);
}
