import { randomBytes } from "node:crypto";
import { styleText } from "node:util";
import { escapeUnprintable } from "../base/printable.ts";

/** Stands for the escape character of our own styles until they are printed. Nothing printed can guess it. */
const SIGN = `<${randomBytes(16).toString("hex")}>`;

type Style = Parameters<typeof styleText>[0];

/** Colours only for a terminal, and never with NO_COLOR (https://no-color.org). */
function applyStyle(style: Style, text: string): string {
  const isEnabled = !process.env.NO_COLOR && process.env.TERM !== "dumb" && process.stderr.isTTY === true;
  return isEnabled || process.env.FORCE_COLOR
    ? styleText(style, escapeUnprintable(text)).replaceAll("\x1b", SIGN)
    : text;
}

/** What may be written to a terminal: unprintable characters are escaped, except our own styles and line ends. */
export function toTerminalText(text: string): string {
  return escapeUnprintable(text).replaceAll(SIGN, "\x1b");
}

export function styleGreen(text: string): string {
  return applyStyle("green", text);
}

export function styleRed(text: string): string {
  return applyStyle("red", text);
}

export function styleYellow(text: string): string {
  return applyStyle("yellow", text);
}

export function styleDim(text: string): string {
  return applyStyle("dim", text);
}
