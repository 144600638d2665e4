/** Changed lines as hunks of the unified format. */
import type { DiffLine } from "./compare-lines.ts";

const TAB_WIDTH = 8;

export interface HunkStyle {
  /** A tab follows the sign, so that tabs of the text line up. */
  readonly hasTab: boolean;
  /** Tabs are written as blanks. */
  readonly expands: boolean;
}

/** @param context how many unchanged lines stand around a change */
export function formatHunks(lines: readonly DiffLine[], context: number, style: HunkStyle): string {
  const isNear = lines.map((_, at) =>
    lines.slice(Math.max(0, at - context), at + context + 1).some(({ sign }) => sign !== " "),
  );
  let text = "";
  for (let at = 0; at < lines.length; ) {
    if (isNear[at] !== true) at += 1;
    else {
      const end = isNear.indexOf(false, at);
      const stop = end === -1 ? lines.length : end;
      text += `${formatRanges(lines, at, stop)}${lines
        .slice(at, stop)
        .map((line) => formatLine(line, style))
        .join("")}`;
      at = stop;
    }
  }
  return text;
}

function formatRanges(lines: readonly DiffLine[], from: number, end: number): string {
  const formatRange = (other: "-" | "+"): string => {
    const before = lines.slice(0, from).filter(({ sign }) => sign !== other).length;
    const count = lines.slice(from, end).filter(({ sign }) => sign !== other).length;
    return `${count === 0 ? before : before + 1}${count === 1 ? "" : `,${count}`}`;
  };
  return `@@ -${formatRange("+")} +${formatRange("-")} @@\n`;
}

function formatLine({ sign, text, lacksEnd }: DiffLine, { hasTab, expands }: HunkStyle): string {
  const shown = expands ? expandTabs(text) : text;
  return `${sign}${hasTab ? "\t" : ""}${shown}\n${lacksEnd ? "\\ No newline at end of file\n" : ""}`;
}

function expandTabs(text: string): string {
  let shown = "";
  for (const letter of text) shown += letter === "\t" ? " ".repeat(TAB_WIDTH - (shown.length % TAB_WIDTH)) : letter;
  return shown;
}
