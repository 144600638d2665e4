import type { Answers } from "./behaviour.ts";

/** What is answered to a line; undefined where nothing is. */
export function answerTo(answers: Answers, line: string): string | undefined {
  if (answers === "echo") return line;
  return Object.hasOwn(answers, line) ? answers[line] : answers["*"];
}
