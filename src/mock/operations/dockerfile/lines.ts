/**
 * Joins the continued lines of a Dockerfile, drops its comments, and reads its directives (buildkit
 * frontend/dockerfile/parser).
 */
import { type ApiError, badParameter } from "../../model/api-error.ts";
import { findDirective } from "./directive.ts";
import { DockerfileError } from "./dockerfile-error.ts";
import { type Heredoc, isHeredocInstruction, parseHeredocMarks, readHeredoc } from "./heredoc.ts";

/** The classic builder knows fewer flags than BuildKit, and no heredocs. */
export type DockerfileDialect = "classic" | "buildkit";

export interface DockerfileLine {
  /** The number of its first line, from 1. */
  readonly number: number;
  /** As the build's output shows it: continued lines are joined, blanks at both ends removed. */
  readonly text: string;
  /** The number of its last line, heredocs included. @default the first line */
  readonly lastNumber?: number;
  /** The texts that follow the line. @default none */
  readonly heredocs?: readonly Heredoc[];
  /** The number of the line that ends it, heredocs not included, where an empty line continues it. @default undefined */
  readonly gapNumber?: number | undefined;
}

export interface DockerfileLines {
  readonly lines: readonly DockerfileLine[];
  /** The escape character: `\` or a backtick. */
  readonly escapeMark: string;
}

/** @throws ApiError 400 for a file without instructions, or an escape character that is neither `\` nor a backtick */
export function joinLines(text: string, dialect: DockerfileDialect = "classic"): DockerfileLines {
  const raw = text.replace(/^\ufeff/, "").split(/\r?\n/);
  const escapeMark = readEscapeMark(text, dialect);
  const lines: DockerfileLine[] = [];
  for (let at = 0; at < raw.length; at += 1) {
    const start = at;
    let { kept: joined, isContinued } = cutLine(raw[at] as string, escapeMark);
    let hasGap = false;
    while (isContinued && at + 1 < raw.length) {
      at += 1;
      const next = raw[at] as string;
      hasGap ||= next.trim() === "" && at + 1 < raw.length;
      if (isComment(next) || next.trim() === "") continue;
      const more = cutLine(next, escapeMark);
      joined += more.kept;
      isContinued = more.isContinued;
    }
    const line = { number: start + 1, text: joined.trim() };
    if (line.text === "") continue;
    if (dialect === "classic") lines.push(line);
    else {
      const gapNumber = hasGap ? at + 1 : undefined;
      const heredocs = isHeredocInstruction(line.text) ? readHeredocs(raw, at + 1, line) : [];
      at += heredocs.reduce((sum, { lineCount }) => sum + lineCount, 0);
      lines.push({ ...line, lastNumber: at + 1, heredocs, gapNumber });
    }
  }
  if (lines.length === 0) throw createEmptyError(raw, dialect);
  return { lines, escapeMark };
}

function createEmptyError(raw: readonly string[], dialect: DockerfileDialect): ApiError {
  const what = "file with no instructions";
  if (dialect === "classic") return badParameter(`failed to parse Dockerfile: ${what}`);
  const count = countLines(raw);
  return new DockerfileError(what, count, count);
}

function countLines(raw: readonly string[]): number {
  return raw.at(-1) === "" ? raw.length - 1 : raw.length;
}

function readHeredocs(raw: readonly string[], start: number, { number, text }: DockerfileLine): readonly Heredoc[] {
  let at = start;
  return parseHeredocMarks(text).map((mark) => {
    const heredoc = readHeredoc(raw, at, mark);
    if (heredoc === undefined) throw new DockerfileError("unterminated heredoc", number, countLines(raw));
    at += heredoc.lineCount;
    return heredoc;
  });
}

function readEscapeMark(text: string, dialect: DockerfileDialect): string {
  const mark = findDirective(text, "escape") ?? "\\";
  if (mark === "\\" || mark === "`") return mark;
  throw badParameter(
    dialect === "classic"
      ? `failed to parse Dockerfile: invalid ESCAPE '${mark}'. Must be \` or \\`
      : `invalid escape token '${mark}' does not match \` or \\`,
  );
}

function isComment(line: string): boolean {
  return /^\s*#/.test(line);
}

function cutLine(line: string, escapeMark: string): { kept: string; isContinued: boolean } {
  if (isComment(line)) return { kept: "", isContinued: false };
  const trimmed = line.trimEnd();
  return trimmed.endsWith(escapeMark)
    ? { kept: trimmed.slice(0, -1), isContinued: true }
    : { kept: line, isContinued: false };
}
