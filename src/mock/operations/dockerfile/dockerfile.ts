/** Parses a whole Dockerfile into the instructions before its first stage, and its stages. */
import { ApiError, badParameter } from "../../model/api-error.ts";
import { DockerfileError } from "./dockerfile-error.ts";
import { type DockerfileInstruction, parseInstruction } from "./instruction.ts";
import { type DockerfileDialect, type DockerfileLine, joinLines } from "./lines.ts";

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

/** Called while a Dockerfile is read, for a linter. */
export interface DockerfileWatcher {
  /** All lines are there. None of them is parsed yet. */
  readonly onLines: (lines: readonly DockerfileLine[]) => void;
  /** An instruction is about to be checked. */
  readonly onLine: (line: DockerfileLine) => void;
}

/** @throws ApiError 400 for a syntax error, with its line; DockerfileError for one that BuildKit blames on lines */
export function parseDockerfile(
  text: string,
  dialect: DockerfileDialect = "classic",
  watcher?: DockerfileWatcher,
): Dockerfile {
  const { lines, escapeMark } = joinLines(text, dialect);
  watcher?.onLines(lines);
  const globals: DockerfileInstruction[] = [];
  const stages: (DockerfileStage & { readonly instructions: DockerfileInstruction[] })[] = [];
  for (const line of lines) {
    watcher?.onLine(line);
    const instruction = withLineNumber(line, dialect, () => parseInstruction(line, escapeMark, dialect));
    if (instruction.name === "from") {
      stages.push({ from: instruction, name: instruction.args[2]?.toLowerCase(), instructions: [] });
    } else if (stages.length > 0) stages.at(-1)?.instructions.push(instruction);
    else if (instruction.name === "arg") globals.push(instruction);
    else throw createStageError(line, dialect);
  }
  if (stages.length === 0) throw createStageError(undefined, dialect);
  return { globals, stages, escapeMark };
}

function createStageError(line: DockerfileLine | undefined, dialect: DockerfileDialect): ApiError {
  const what = "no build stage in current context";
  if (dialect === "classic") return badParameter(what);
  if (line === undefined) return badParameter("dockerfile contains no stages to build");
  return new DockerfileError(what, line.number, line.lastNumber ?? line.number);
}

const LEXICAL = "failed to parse Dockerfile: ";

function withLineNumber<T>(line: DockerfileLine, dialect: DockerfileDialect, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { message } = error;
    const { number, lastNumber = number } = line;
    const isLexical = message.startsWith(LEXICAL);
    if (dialect === "buildkit") {
      const what = isLexical ? message.slice(LEXICAL.length) : `dockerfile parse error on line ${number}: ${message}`;
      throw new DockerfileError(what, number, lastNumber);
    }
    throw isLexical ? error : badParameter(`dockerfile parse error line ${number}: ${message}`);
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
