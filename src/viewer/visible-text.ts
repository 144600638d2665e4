import { escapeUnprintable } from "../base/printable.ts";

/** What a cassette has, with its control characters and marks of direction spelled out. */
export function toVisible(text: string): string {
  return escapeUnprintable(text);
}
