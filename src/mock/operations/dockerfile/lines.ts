/**
 * Joins the continued lines of a Dockerfile, drops its comments, and reads its directives (buildkit
 * frontend/dockerfile/parser).
 */
import { badParameter } from "../../model/api-error.ts";
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
}

export interface DockerfileLines {
  readonly lines: readonly DockerfileLine[];
  /** The escape character: `\` or a backtick. */
  readonly escapeMark: string;
}

const DIRECTIVE = /^#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$/;

/** @throws ApiError 400 for a file without instructions, or an escape character that is neither `\` nor a backtick */
export function joinLines(text: string, dialect: DockerfileDialect = "classic"): DockerfileLines {
  const raw = text.replace(/^\ufeff/, "").split(/\r?\n/);
  const escapeMark = readEscapeMark(raw);
  const lines: DockerfileLine[] = [];
  for (let at = 0; at < raw.length; at += 1) {
    const start = at;
    let { kept: joined, isContinued } = cutLine(raw[at] as string, escapeMark);
    while (isContinued && at + 1 < raw.length) {
      at += 1;
      const next = raw[at] as string;
      if (isComment(next) || next.trim() === "") continue;
      const more = cutLine(next, escapeMark);
      joined += more.kept;
      isContinued = more.isContinued;
    }
    const line = { number: start + 1, text: joined.trim() };
    if (line.text === "") continue;
    if (dialect === "classic") lines.push(line);
    else {
      const heredocs = isHeredocInstruction(line.text) ? readHeredocs(raw, at + 1, line.text) : [];
      at += heredocs.reduce((sum, { lineCount }) => sum + lineCount, 0);
      lines.push({ ...line, lastNumber: at + 1, heredocs });
    }
  }
  if (lines.length === 0) throw badParameter("failed to parse Dockerfile: file with no instructions");
  return { lines, escapeMark };
}

function readHeredocs(raw: readonly string[], start: number, text: string): readonly Heredoc[] {
  let at = start;
  return parseHeredocMarks(text).map((mark) => {
    const heredoc = readHeredoc(raw, at, mark);
    at += heredoc.lineCount;
    return heredoc;
  });
}

/** A directive only counts before any other line. */
function readEscapeMark(raw: readonly string[]): string {
  for (const line of raw) {
    const [, name = "", value = ""] = DIRECTIVE.exec(line.trim()) ?? [];
    if (name === "") return "\\";
    if (name.toLowerCase() !== "escape") continue;
    if (value !== "\\" && value !== "`") {
      throw badParameter(`failed to parse Dockerfile: invalid ESCAPE '${value}'. Must be \` or \\`);
    }
    return value;
  }
  return "\\";
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
