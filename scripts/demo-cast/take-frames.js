/** Plays an asciicast on a terminal in memory, and keeps the screen after each event. */
import { createRequire } from "node:module";

const { Terminal } = createRequire(import.meta.url)("@xterm/headless");
/** Screens that follow each other faster than this are one. */
const FRAME_S = 0.06;

/**
 * @typedef {{ text: string, colour: number | undefined, isBold: boolean, isDim: boolean }} Span
 *   `colour` is a number of the terminal's palette
 * @typedef {{ at: number, lines: readonly (readonly Span[])[] }} Frame
 */

/**
 * @param {readonly (readonly [number, string, string])[]} events
 * @param {{ columns: number, rows: number }} size
 * @returns {Promise<readonly Frame[]>}
 */
export async function takeFrames(events, { columns, rows }) {
  const terminal = new Terminal({ cols: columns, rows, allowProposedApi: true });
  /** @type {Frame[]} */
  const frames = [];
  for (const [at, , text] of events) {
    await new Promise((resolve) => terminal.write(text, () => resolve(undefined)));
    const frame = { at, lines: Array.from({ length: rows }, (_, row) => readLine(terminal.buffer.active, row)) };
    const last = frames.at(-1);
    if (last !== undefined && at - last.at < FRAME_S) frames[frames.length - 1] = { ...frame, at: last.at };
    else frames.push(frame);
  }
  return frames;
}

/** @param {any} buffer @param {number} row @returns {readonly Span[]} */
function readLine(buffer, row) {
  const line = buffer.getLine(buffer.viewportY + row);
  /** @type {Span[]} */
  const spans = [];
  for (let column = 0; line !== undefined && column < line.length; column += 1) {
    const cell = line.getCell(column);
    const style = {
      colour: cell.isFgPalette() ? cell.getFgColor() : undefined,
      isBold: cell.isBold() !== 0,
      isDim: cell.isDim() !== 0,
    };
    const last = spans.at(-1);
    const text = cell.getChars() || " ";
    if (last !== undefined && isSameStyle(last, style)) spans[spans.length - 1] = { ...last, text: last.text + text };
    else spans.push({ text, ...style });
  }
  return trimEnd(spans);
}

/** @param {Omit<Span, "text">} one @param {Omit<Span, "text">} other */
function isSameStyle(one, other) {
  return one.colour === other.colour && one.isBold === other.isBold && one.isDim === other.isDim;
}

/** @param {readonly Span[]} spans @returns {readonly Span[]} */
function trimEnd(spans) {
  const last = spans.at(-1);
  if (last === undefined) return spans;
  const text = last.text.trimEnd();
  return text === "" ? trimEnd(spans.slice(0, -1)) : [...spans.slice(0, -1), { ...last, text }];
}
