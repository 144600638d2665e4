/** A Dockerfile's lines put together: directives, comments, lines that go on (buildkit frontend/dockerfile/parser). */
import { badParameter } from "../../../model/api-error.ts";

export interface DockerfileLine {
  /** Of its first line, from 1. */
  readonly number: number;
  /** As a step says it: what goes on is joined, blanks at both ends are gone. */
  readonly text: string;
}

export interface Lines {
  readonly lines: readonly DockerfileLine[];
  /** What takes the meaning from the next character: `\` or a backtick. */
  readonly escapeMark: string;
}

const DIRECTIVE = /^#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$/;

/** @throws Refusal 400 */
export function linesOf(text: string): Lines {
  const raw = text.replace(/^\ufeff/, "").split(/\r?\n/);
  const escapeMark = escapeOf(raw);
  const lines: DockerfileLine[] = [];
  for (let at = 0; at < raw.length; at += 1) {
    const start = at;
    let { kept, goesOn } = cut(raw[at] as string, escapeMark);
    while (goesOn && at + 1 < raw.length) {
      at += 1;
      const next = raw[at] as string;
      if (isComment(next) || next.trim() === "") continue;
      const more = cut(next, escapeMark);
      kept += more.kept;
      goesOn = more.goesOn;
    }
    if (kept.trim() !== "") lines.push({ number: start + 1, text: kept.trim() });
  }
  if (lines.length === 0) throw badParameter("failed to parse Dockerfile: file with no instructions");
  return { lines, escapeMark };
}

/** Directives stand before anything else. */
function escapeOf(raw: readonly string[]): string {
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

function cut(line: string, escapeMark: string): { kept: string; goesOn: boolean } {
  if (isComment(line)) return { kept: "", goesOn: false };
  const trimmed = line.trimEnd();
  return trimmed.endsWith(escapeMark) ? { kept: trimmed.slice(0, -1), goesOn: true } : { kept: line, goesOn: false };
}
