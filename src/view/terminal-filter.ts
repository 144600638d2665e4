/**
 * What of a recorded terminal may reach the user's: text, colours, the cursor, erasing, the alternate screen. A cassette
 * is a stranger's. Queries would be answered into the user's shell (`ESC [ 6 n`); titles, the clipboard (OSC 52),
 * uploads, key reports and mouse modes are for the terminal that was recorded alone.
 */
import { StringDecoder } from "node:string_decoder";

const ESCAPE = "\x1b";
const RESET = `${ESCAPE}[0m${ESCAPE}[?25h`;
const LEAVE_ALTERNATE = `${ESCAPE}[?1049l`;
/** Final bytes of control sequences: cursor, erase, insert and delete, scroll, colours, save and restore. */
const HARMLESS_FINALS = new Set("ABCDEFGHIJKLMPSTXZ@`abdefmsu");
/** Private modes: wrapping at the margin, the cursor, the alternate screen. */
const HARMLESS_MODES = new Set(["7", "25", "47", "1047", "1048", "1049"]);
const ALTERNATE_MODES = new Set(["47", "1047", "1049"]);
/** Two-character escapes: save and restore the cursor, index, next line, reverse index. */
const HARMLESS_ESCAPES = new Set("78DEM");
const HARMLESS_CONTROLS = new Set("\n\r\t\b");
/** An unfinished sequence that is longer is none. */
const MOST_HELD = 4096;

// biome-ignore-start lint/suspicious/noControlCharactersInRegex: control characters are what this is about
/** One control sequence, string or character; or a sequence that has only begun. */
const CONTROL =
  /\x1b\[([?<=>]?)([\d;:]*)[ -/]*([@-~])|\x1b[\]PX^_][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)|\x1b[ -/]+[0-~]|\x1b[0-OQ-WYZ\\`-~]|[\x00-\x1a\x1c-\x1f\x7f-\x9f]/gu;
const UNFINISHED = /\x1b(?:\[[\d;:?<=>]*[ -/]*|[\]PX^_][^\x07\x1b\x9c]*\x1b?|[ -/]*)$/u;
// biome-ignore-end lint/suspicious/noControlCharactersInRegex: as above
/** Marks that turn a line around. */
const BIDIRECTIONAL = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Filters a stream of bytes that may be cut anywhere. */
export class TerminalFilter {
  readonly #decoder = new StringDecoder("utf8");
  #held = "";
  #isAlternate = false;

  /** What may be written of `bytes`; the beginning of a sequence is held until its rest comes. */
  filter(bytes: Buffer): string {
    const text = this.#held + this.#decoder.write(bytes);
    const held = UNFINISHED.exec(text)?.[0] ?? "";
    this.#held = held.length > MOST_HELD ? "" : held;
    return this.#clean(text.slice(0, text.length - held.length));
  }

  /** What puts the terminal back: the plain style, a visible cursor, the main screen. */
  end(): string {
    this.#held = "";
    return `${this.#isAlternate ? LEAVE_ALTERNATE : ""}${RESET}`;
  }

  #clean(text: string): string {
    const parts: string[] = [];
    let end = 0;
    for (const match of text.matchAll(CONTROL)) {
      parts.push(dropMarks(text.slice(end, match.index)), this.#allow(match[0], match[1], match[2], match[3]));
      end = match.index + match[0].length;
    }
    return parts.join("") + dropMarks(text.slice(end));
  }

  #allow(sequence: string, prefix: string | undefined, parameters = "", final: string | undefined): string {
    if (final !== undefined) return this.#allowControl(sequence, prefix ?? "", parameters, final);
    if (!sequence.startsWith(ESCAPE)) return HARMLESS_CONTROLS.has(sequence) ? sequence : "";
    if (/^.[()][0AB]$/s.test(sequence)) return sequence;
    return sequence.length === 2 && HARMLESS_ESCAPES.has(sequence.slice(1)) ? sequence : "";
  }

  #allowControl(sequence: string, prefix: string, parameters: string, final: string): string {
    // Bytes between parameters and the final one make another function of it.
    if (sequence.length !== 3 + prefix.length + parameters.length) return "";
    if (prefix === "") return HARMLESS_FINALS.has(final) ? sequence : "";
    const isMode = prefix === "?" && (final === "h" || final === "l") && HARMLESS_MODES.has(parameters);
    if (isMode && ALTERNATE_MODES.has(parameters)) this.#isAlternate = final === "h";
    return isMode ? sequence : "";
  }
}

/** What no sequence took: an escape alone would make one of the text behind it. */
function dropMarks(text: string): string {
  return text.replaceAll(ESCAPE, "").replace(BIDIRECTIONAL, "");
}
