/** A whole Dockerfile: what stands before the first stage, and the stages. */
import { ApiError, badParameter } from "../../../model/api-error.ts";
import { type Instruction, instructionIn } from "./instruction.ts";
import { linesOf } from "./lines.ts";

export interface Stage {
  readonly from: Instruction;
  /** In lower case; undefined where it has none. */
  readonly name: string | undefined;
  readonly instructions: readonly Instruction[];
}

export interface Dockerfile {
  /** ARGs before the first FROM. */
  readonly globals: readonly Instruction[];
  readonly stages: readonly Stage[];
  readonly escapeMark: string;
}

/** @throws Refusal 400 */
export function parseDockerfile(text: string): Dockerfile {
  const { lines, escapeMark } = linesOf(text);
  const globals: Instruction[] = [];
  const stages: (Stage & { readonly instructions: Instruction[] })[] = [];
  for (const line of lines) {
    const instruction = located(line.number, () => instructionIn(line, escapeMark));
    if (instruction.name === "from") {
      stages.push({ from: instruction, name: instruction.args[2]?.toLowerCase(), instructions: [] });
    } else if (stages.length > 0) stages.at(-1)?.instructions.push(instruction);
    else if (instruction.name === "arg") globals.push(instruction);
    else throw badParameter("no build stage in current context");
  }
  if (stages.length === 0) throw badParameter("no build stage in current context");
  return { globals, stages, escapeMark };
}

function located<T>(line: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ApiError) || error.message.startsWith("failed to parse")) throw error;
    throw badParameter(`dockerfile parse error line ${line}: ${error.message}`);
  }
}

/** Up to the stage that is asked for, by name or number; all without one. @throws Refusal 400 */
export function upToTarget({ stages }: Dockerfile, target: string): readonly Stage[] {
  if (target === "") return stages;
  const named = stages.findIndex(({ name }) => name === target.toLowerCase());
  const index = named !== -1 ? named : /^\d+$/.test(target) ? Number(target) : -1;
  if (index === -1 || index >= stages.length) {
    throw badParameter(`failed to reach build target ${target} in Dockerfile`);
  }
  return stages.slice(0, index + 1);
}
