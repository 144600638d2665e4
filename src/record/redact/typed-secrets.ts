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
  text: string;
  end: number;
  isEnded: boolean;
  /** What the daemon sent since the line's first character. */
  output: string;
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
const PRINTABLE = /^[\x20-\x7e\x80-\xff]+$/;

/** The spans of the client's joined text that are secret, without the ends of their lines. */
export function findTypedSecrets(pieces: readonly SessionPiece[]): SecretSpan[] {
  const lines = readLines(pieces);
  const isTty = pieces.some((piece) => piece.isTty);
  const hasEcho = isTty && lines.some((line) => line.text.length > 0 && isEchoed(line));
  return lines
    .filter((line) => line.isEnded && line.text !== "" && (isPrompted(line) || (hasEcho && isHidden(line))))
    .map(({ start, text }) => ({ start, end: start + text.length, rule: "typed" }));
}

function isPrompted({ prompt }: TypedLine): boolean {
  return SECRET_PROMPT.test(prompt.slice(prompt.lastIndexOf("\n") + 1));
}

/** A prompt stands on the line, the terminal echoes other lines, and this one it does not. */
function isHidden(line: TypedLine): boolean {
  const hasPrompt = /[^\r\n]$/.test(line.prompt);
  const isText = line.text.length >= SHORTEST_UNECHOED && PRINTABLE.test(line.text);
  return hasPrompt && isText && line.output !== "" && !isEchoed(line);
}

function isEchoed({ text, output }: TypedLine): boolean {
  return output.replace(ESCAPES, "").includes(text);
}

function readLines(pieces: readonly SessionPiece[]): readonly TypedLine[] {
  const lines: TypedLine[] = [];
  let [prompt, at] = ["", 0];
  for (const { from, text } of pieces) {
    const last = lines.at(-1);
    if (from === "daemon") {
      prompt = (prompt + text.replace(ESCAPES, "")).slice(-PROMPT_LENGTH);
      if (last !== undefined) last.output += text;
      continue;
    }
    for (const character of text) {
      addCharacter(character, lines, { start: at, prompt });
      at += 1;
    }
  }
  return lines;
}

function addCharacter(character: string, lines: TypedLine[], place: Pick<TypedLine, "start" | "prompt">): void {
  const last = lines.at(-1);
  const isEnd = character === "\r" || character === "\n";
  if (last === undefined || last.isEnded) {
    lines.push({ ...place, text: isEnd ? "" : character, end: place.start + 1, isEnded: isEnd, output: "" });
    return;
  }
  last.end = place.start + 1;
  last.isEnded = isEnd;
  if (!isEnd) last.text += character;
}
