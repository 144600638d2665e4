import { randomBytes } from "node:crypto";
import { styleText } from "node:util";
import { escapeUnprintable } from "../base/printable.ts";

/**
 * Stands for the escape character of our own styles until they are printed. Nothing printed can guess it. It is made with
 * the first style: `node:crypto` takes 3 ms to load.
 */
class StyleSign {
  #text: string | undefined;

  get text(): string {
    this.#text ??= `<${randomBytes(16).toString("hex")}>`;
    return this.#text;
  }

  /** Puts the escape characters where the signs are. */
  restore(styled: string): string {
    return this.#text === undefined ? styled : styled.replaceAll(this.#text, "\x1b");
  }

  removeStyles(styled: string): string {
    return this.#text === undefined ? styled : styled.replace(new RegExp(`${this.#text}\\[\\d+m`, "g"), "");
  }
}

const SIGN = new StyleSign();
/** The same in remarks, whose styles go where the stream that they are written to is no terminal. */
const REMARK_SIGN = new StyleSign();

type Style = Parameters<typeof styleText>[0];

/** Styles for one output, switched on or off as a whole. */
export interface OutputStyles {
  readonly bold: (text: string) => string;
  readonly cyan: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly green: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
}

/** Colours only for a terminal, and never with NO_COLOR (https://no-color.org). FORCE_COLOR is for pipes. */
export function isColourful(isTerminal: boolean): boolean {
  return Boolean((!process.env.NO_COLOR && process.env.TERM !== "dumb" && isTerminal) || process.env.FORCE_COLOR);
}

export function createStyles(isEnabled: boolean): OutputStyles {
  const apply = (style: Style) => (text: string) => (isEnabled ? applyStyle(style, text) : text);
  const [bold, cyan, dim, green] = [apply("bold"), apply("cyan"), apply("dim"), apply("green")];
  return { bold, cyan, dim, green, red: apply("red"), yellow: apply("yellow") };
}

/** `text` may itself have styles. */
function applyStyle(style: Style, text: string, sign = SIGN): string {
  // Node would look at stdout, whatever the text is printed on.
  return styleText(style, escapeUnprintable(text), { validateStream: false }).replaceAll("\x1b", sign.text);
}

/**
 * What may be written to a terminal: unprintable characters are escaped, except our own styles and line ends.
 * @param hasColours whether remarks keep their styles
 */
export function toTerminalText(text: string, hasColours = true): string {
  const escaped = escapeUnprintable(text);
  return REMARK_SIGN.restore(SIGN.restore(hasColours ? escaped : REMARK_SIGN.removeStyles(escaped)));
}

export function styleGreen(text: string): string {
  return styleRemark("green", text);
}

export function styleRed(text: string): string {
  return styleRemark("red", text);
}

export function styleYellow(text: string): string {
  return styleRemark("yellow", text);
}

export function styleDim(text: string): string {
  return styleRemark("dim", text);
}

/** Remarks and summaries go to either stream; which one is known only when they are written. */
function styleRemark(style: Style, text: string): string {
  const isTerminal = process.stderr.isTTY === true || process.stdout.isTTY === true;
  return isColourful(isTerminal) ? applyStyle(style, text, REMARK_SIGN) : text;
}
