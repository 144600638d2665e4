import { CassetteError } from "../base/errors.ts";

/** One document of a cassette, and where it stands in its file. */
export interface SourceText {
  readonly file: string;
  readonly text: string;
  /** The line of the file, counted from 1, on which `text` begins. */
  readonly firstLine: number;
  /** The names that a cue may wait for; undefined if they are unknown, and so not checked. */
  readonly names?: ReadonlySet<string> | undefined;
}

/** Of longer source lines only a part is shown: a base64 line may be 40 KB long. */
const SHOWN_WIDTH = 100;

/** An error at `offset` of `source`: `file:line:col  message`, the line, and a caret. */
export function createErrorAt(source: SourceText, offset: number, code: string, message: string): CassetteError {
  const { lineStart, line, column } = locate(source, offset);
  const head = `${formatPosition(source, offset)}  ${message}`;
  return new CassetteError(code, `${head}\n${formatExcerpt(source.text, lineStart, column)}`, {
    fields: { file: source.file, line, column },
  });
}

/** `run.yaml:14:5` for an `offset` of `source`. */
export function formatPosition(source: SourceText, offset: number): string {
  const { line, column } = locate(source, offset);
  return `${source.file}:${line}:${column}`;
}

function locate(source: SourceText, offset: number): { lineStart: number; line: number; column: number } {
  const at = Math.min(Math.max(offset, 0), source.text.length);
  // A search from before the text would begin at its first character.
  const lineStart = at === 0 ? 0 : source.text.lastIndexOf("\n", at - 1) + 1;
  return { lineStart, line: findLine(source, lineStart), column: at - lineStart + 1 };
}

/** The line of the file on which `offset` of `source` stands. */
export function findLine({ text, firstLine }: SourceText, offset: number): number {
  return firstLine + countLines(text, offset);
}

function countLines(text: string, end: number): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at !== -1 && at < end; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}

function formatExcerpt(text: string, lineStart: number, column: number): string {
  const lineEnd = text.indexOf("\n", lineStart);
  const line = text.slice(lineStart, lineEnd === -1 ? undefined : lineEnd);
  const from = column > SHOWN_WIDTH * 0.75 ? column - SHOWN_WIDTH / 2 : 0;
  // Control characters and tabs take no column or several; blanks keep the caret under the error.
  const shown = line.slice(from, from + SHOWN_WIDTH).replace(/\p{Cc}/gu, " ");
  return `    ${shown}\n    ${" ".repeat(column - 1 - from)}^`;
}
