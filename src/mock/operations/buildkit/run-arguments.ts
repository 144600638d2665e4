/** The command of a RUN, with its heredocs, and the arguments that it runs with. */
import type { ContainerConfig } from "../../model/container-config.ts";
import type { BuildArgs } from "../builder/build-args.ts";
import type { DockerfileInstruction } from "../dockerfile/instruction.ts";
import { getShell } from "../dockerfile/settings.ts";

export interface RunCommand {
  readonly words: readonly string[];
  /** `NAME=value`, in the order in which ARG declares them. */
  readonly buildArgs: readonly string[];
  /** As the image's history has it. */
  readonly remembered: readonly string[];
}

export function toRunCommand(instruction: DockerfileInstruction, config: ContainerConfig, args: BuildArgs): RunCommand {
  const words = instruction.isJson ? instruction.args : [...getShell(config), toScript(instruction)];
  const buildArgs = [...args.getEffective(config.Env ?? [])].map(([name, value]) => `${name}=${value}`);
  const remembered = buildArgs.length === 0 ? words : [`|${buildArgs.length}`, ...buildArgs, ...words];
  return { words, buildArgs, remembered };
}

/** `RUN <<EOF` runs the text; in any other line the shell reads it. */
function toScript({ args: [line = ""], heredocs }: DockerfileInstruction): string {
  const [first] = heredocs;
  if (first === undefined) return line;
  if (/^<<-?\S+$/.test(line.trim())) return first.content;
  return [`${line}\n`, ...heredocs.map(({ content, name }) => `${content}${name}\n`)].join("");
}
