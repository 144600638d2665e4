/**
 * Finds what was typed at a prompt for a password, or while a terminal did not echo. Text is latin1.
 */
import type { SecretSpan } from "../../secrets/secret-span.ts";

/** A piece of a session, in the order in which it passed. */
export interface SessionPiece {
  readonly from: "client" | "daemon";
  readonly isTty: boolean;
  readonly text: string;
}

interface TypedLine {
  /** Within the client's joined text. */
  readonly start: number;
  readonly prompt: string;
  /** How much was printed when its first character came. */
  readonly printedBefore: number;
  text: string;
  isEnded: boolean;
  /** How much was printed when its end came. */
  printedAtEnd: number;
}

interface TypedSession {
  readonly lines: readonly TypedLine[];
  /** What the daemon sent, as `toVisible` leaves it. */
  readonly printed: string;
}

interface LineWithEcho {
  readonly line: TypedLine;
  /** Where in what was printed its echo begins; undefined where it has none. */
  readonly echo: number | undefined;
}

/** `Password:`, `[sudo] password for me: `, `Enter passphrase for key '...': `, `Verification code: `. */
const SECRET_PROMPT =
  /\b(?:passw(?:or)?d|passphrase|passcode|pin|otp|token|secret|api[ _-]?key|access[ _-]?key|(?:verification|security|one-time) code)\b[^\n]{0,80}[:?>]\s*$/i;
/** Colours and cursor movements (ECMA-48). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal's sequences begin with one
const ESCAPES = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|[@-Z\\-_])/g;
const PROMPT_LENGTH = 300;
/** A shorter line that is not echoed is a key for a menu. */
const SHORTEST_UNECHOED = 4;
/** So much output without a line's end answers a line, too. */
const LONG_ANSWER = 1024;
/** Text, and the keys that take some of it back: backspace, Ctrl-U, Ctrl-W. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: keys
const TEXT = /^[\x20-\x7e\x80-\xff\x08\x7f\x15\x17]+$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: keys
const FIRST_RUN = /[^\x08\x7f\x15\x17]+/;
/** A terminal's own answer to `ESC [ 6 n`, which is not typed. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal's sequences begin with one
const CURSOR_REPORT = /\u001b\[\d+;\d+R/g;
/** Where a line is wrapped, editors of lines print blanks and returns that were not typed. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what is not visible
const INVISIBLE = /[\x00-\x09\x0b-\x20\x7f]+/g;

/**
 * The spans of the client's joined text that are secret, without the ends of their lines.
 * @param isOver whether nothing more is to come; before that a line without an answer is not judged
 */
export function findTypedSecrets(pieces: readonly SessionPiece[], isOver: boolean): SecretSpan[] {
  const session = readSession(pieces);
  const isTty = pieces.some((piece) => piece.isTty);
  const lines = session.lines.filter((line) => line.isEnded && line.text !== "");
  const hidden = isTty ? findHidden(lines, session.printed, isOver) : new Set();
  return lines
    .filter((line) => isPrompted(line) || hidden.has(line))
    .map(({ start, text }) => ({ start, end: start + text.length, rule: "typed" }));
}

function isPrompted({ prompt }: TypedLine): boolean {
  return SECRET_PROMPT.test(prompt.slice(prompt.lastIndexOf("\n") + 1));
}

/** The terminal echoes other lines, and these it does not. */
function findHidden(lines: readonly TypedLine[], printed: string, isOver: boolean): ReadonlySet<TypedLine> {
  const all = lines.map((line): LineWithEcho => ({ line, echo: findEcho(line, lines, printed) }));
  if (all.every(({ echo }) => echo === undefined)) return new Set();
  const hidden = all.filter(
    ({ line }, at) => isText(line) && (isOver || isAnswered(line, printed)) && !isEchoedInTurn(all, at),
  );
  return new Set(hidden.map(({ line }) => line));
}

function isText({ text }: TypedLine): boolean {
  const typed = text.replace(CURSOR_REPORT, "");
  return typed.length >= SHORTEST_UNECHOED && TEXT.test(typed) && toEcho(text) !== "";
}

function isAnswered({ printedAtEnd }: TypedLine, printed: string): boolean {
  return printed.includes("\n", printedAtEnd) || printed.length - printedAtEnd > LONG_ANSWER;
}

/** An echo that follows the one of a later line is a program's output: echoes keep the order of the lines. */
function isEchoedInTurn(all: readonly LineWithEcho[], at: number): boolean {
  const { echo } = all[at] as LineWithEcho;
  if (echo === undefined) return false;
  for (let next = at + 1; next < all.length; next += 1) {
    const later = all[next] as LineWithEcho;
    if (later.line.printedBefore >= echo) return true;
    if (later.echo !== undefined && later.echo < echo && isSure(later)) return false;
  }
  return true;
}

/** A short text comes anywhere by chance. */
function isSure({ line, echo }: LineWithEcho): boolean {
  return line.text.length >= SHORTEST_UNECHOED || echo === line.printedBefore;
}

/**
 * An echo begins where the output does, on a line of its own or behind a prompt. What follows a word, as in `got
 * secret`, a program has said.
 */
function findEcho(line: TypedLine, lines: readonly TypedLine[], printed: string): number | undefined {
  const text = toEcho(line.text);
  if (text === "") return undefined;
  const slice = printed.slice(line.printedBefore, findEndOfAnswer(line, lines, printed) + text.length);
  let at = slice.indexOf(text);
  while (at > 0 && /[A-Za-z0-9]/.test(slice[at - 1] as string)) at = slice.indexOf(text, at + 1);
  return at === -1 ? undefined : line.printedBefore + at;
}

/** The first line that is begun after a line's end was printed ends the answer: an echo may be slow. */
function findEndOfAnswer({ printedAtEnd }: TypedLine, lines: readonly TypedLine[], printed: string): number {
  const newline = printed.indexOf("\n", printedAtEnd);
  if (newline === -1) return printed.length;
  let [low, high] = [0, lines.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((lines[middle] as TypedLine).printedBefore > newline) high = middle;
    else low = middle + 1;
  }
  return lines[low]?.printedBefore ?? printed.length;
}

/** What a terminal shows first of a line that it echoes. */
function toEcho(text: string): string {
  return toVisible(FIRST_RUN.exec(text.replace(CURSOR_REPORT, ""))?.[0] ?? "");
}

/** The text without colours, blanks and controls, but with its newlines. */
function toVisible(text: string): string {
  return text.replace(ESCAPES, "").replace(INVISIBLE, "");
}

function readSession(pieces: readonly SessionPiece[]): TypedSession {
  const lines: TypedLine[] = [];
  let [prompt, printed, at] = ["", "", 0];
  for (const { from, text } of pieces) {
    if (from === "daemon") {
      prompt = (prompt + text.replace(ESCAPES, "")).slice(-PROMPT_LENGTH);
      printed += toVisible(text);
      continue;
    }
    for (const character of text) {
      addCharacter(character, lines, { start: at, prompt, printedBefore: printed.length });
      at += 1;
    }
  }
  return { lines, printed };
}

type LinePlace = Pick<TypedLine, "start" | "prompt" | "printedBefore">;

function addCharacter(character: string, lines: TypedLine[], place: LinePlace): void {
  const last = lines.at(-1);
  const isEnd = character === "\r" || character === "\n";
  if (last === undefined || last.isEnded) {
    lines.push({ ...place, text: isEnd ? "" : character, isEnded: isEnd, printedAtEnd: place.printedBefore });
    return;
  }
  last.printedAtEnd = place.printedBefore;
  last.isEnded = isEnd;
  if (!isEnd) last.text += character;
}
