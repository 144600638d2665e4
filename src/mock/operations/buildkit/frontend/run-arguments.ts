/** The command of a RUN, with its heredocs, and what the history remembers of it. */
import type { ContainerConfig } from "../../../model/container-config.ts";
import { isWholeHeredoc } from "../../dockerfile/heredoc.ts";
import type { DockerfileInstruction } from "../../dockerfile/instruction.ts";
import { getShell } from "../../dockerfile/settings.ts";
import type { StageDraft } from "./stage-draft.ts";

export interface RunCommand {
  readonly words: readonly string[];
  /** As the image's history has it. */
  readonly remembered: readonly string[];
  /** A heredoc that is a program: it is at `/dev/pipes`, and the command runs it. */
  readonly script: { readonly name: string; readonly content: string } | undefined;
}

export function toRunCommand(
  instruction: DockerfileInstruction,
  config: ContainerConfig,
  draft: StageDraft,
): RunCommand {
  const script = findScript(instruction);
  const line = script === undefined ? toShellLine(instruction) : `/dev/pipes/${script.name}`;
  const args = instruction.isJson ? instruction.args : [line];
  const words = instruction.isJson ? args : [...getShell(config), line];
  return { words, remembered: [...describeArguments(draft), ...words], script };
}

/** `|1 WHO=moon`, in the order in which ARG declares them. */
function describeArguments({ buildArgs, variables }: StageDraft): readonly string[] {
  const values = new Map(buildArgs.map(({ name, value = "" }) => [name, variables.get(name) ?? value]));
  const pairs = [...values].map(([name, value]) => `${name}=${value}`);
  return pairs.length === 0 ? [] : [`|${pairs.length}`, ...pairs];
}

function findScript(instruction: DockerfileInstruction): RunCommand["script"] {
  const [first] = instruction.heredocs;
  if (first === undefined || !isWholeHeredoc(instruction.rest) || !first.content.startsWith("#!")) return undefined;
  return { name: first.name, content: first.content };
}

/** `RUN <<EOF` runs the text; in any other line the shell reads it. */
function toShellLine(instruction: DockerfileInstruction): string {
  const {
    args: [line = ""],
    heredocs,
  } = instruction;
  const [first] = heredocs;
  if (first === undefined) return line;
  if (isWholeHeredoc(instruction.rest)) return first.content;
  return [line, ...heredocs.map(({ content, name }) => `\n${content}${name}`)].join("");
}
