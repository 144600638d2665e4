import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** Colours for a terminal only, and never against the user's NO_COLOR (https://no-color.org). */
function paint(style: Style, text: string): string {
  const isWanted = !process.env.NO_COLOR && process.env.TERM !== "dumb" && process.stderr.isTTY === true;
  return isWanted || process.env.FORCE_COLOR ? styleText(style, text) : text;
}

export function green(text: string): string {
  return paint("green", text);
}

export function red(text: string): string {
  return paint("red", text);
}

export function yellow(text: string): string {
  return paint("yellow", text);
}

export function dim(text: string): string {
  return paint("dim", text);
}
