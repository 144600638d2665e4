/** Parses a whole Dockerfile into the instructions before its first stage, and its stages. */
import { ApiError, badParameter } from "../../model/api-error.ts";
import { type DockerfileInstruction, parseInstruction } from "./instruction.ts";
import { type DockerfileDialect, joinLines } from "./lines.ts";

export interface DockerfileStage {
  readonly from: DockerfileInstruction;
  /** In lower case. Undefined without `AS`. */
  readonly name: string | undefined;
  readonly instructions: readonly DockerfileInstruction[];
}

export interface Dockerfile {
  /** ARGs before the first FROM. */
  readonly globals: readonly DockerfileInstruction[];
  readonly stages: readonly DockerfileStage[];
  readonly escapeMark: string;
}

/** @throws ApiError 400 for a syntax error, with its line */
export function parseDockerfile(text: string, dialect: DockerfileDialect = "classic"): Dockerfile {
  const { lines, escapeMark } = joinLines(text, dialect);
  const globals: DockerfileInstruction[] = [];
  const stages: (DockerfileStage & { readonly instructions: DockerfileInstruction[] })[] = [];
  for (const line of lines) {
    const instruction = withLineNumber(line.number, () => parseInstruction(line, escapeMark, dialect));
    if (instruction.name === "from") {
      stages.push({ from: instruction, name: instruction.args[2]?.toLowerCase(), instructions: [] });
    } else if (stages.length > 0) stages.at(-1)?.instructions.push(instruction);
    else if (instruction.name === "arg") globals.push(instruction);
    else throw badParameter("no build stage in current context");
  }
  if (stages.length === 0) throw badParameter("no build stage in current context");
  return { globals, stages, escapeMark };
}

function withLineNumber<T>(line: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ApiError) || error.message.startsWith("failed to parse")) throw error;
    throw badParameter(`dockerfile parse error line ${line}: ${error.message}`);
  }
}

/**
 * The stages up to the target, which is a stage's name or number. An empty target selects all.
 * @throws ApiError 400 for a target that does not exist
 */
export function selectStages({ stages }: Dockerfile, target: string): readonly DockerfileStage[] {
  if (target === "") return stages;
  const named = stages.findIndex(({ name }) => name === target.toLowerCase());
  const index = named !== -1 ? named : /^\d+$/.test(target) ? Number(target) : -1;
  if (index === -1 || index >= stages.length) {
    throw badParameter(`failed to reach build target ${target} in Dockerfile`);
  }
  return stages.slice(0, index + 1);
}
