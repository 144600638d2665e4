import type { LineAnswers } from "./behaviour.ts";

/** The answer to a line. Undefined for none. */
export function findAnswer(answers: LineAnswers, line: string): string | undefined {
  if (answers === "echo") return line;
  return Object.hasOwn(answers, line) ? answers[line] : answers["*"];
}
