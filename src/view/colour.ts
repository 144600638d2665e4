import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** Colours only for a terminal, and never with NO_COLOR (https://no-color.org). */
function applyStyle(style: Style, text: string): string {
  const isEnabled = !process.env.NO_COLOR && process.env.TERM !== "dumb" && process.stderr.isTTY === true;
  return isEnabled || process.env.FORCE_COLOR ? styleText(style, text) : text;
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
