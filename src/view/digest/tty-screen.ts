/** What a terminal shows at the end of a session: xterm.js without a screen reads the bytes. */
import type { Terminal } from "@xterm/headless";

const COLUMNS = 80;
const ROWS = 24;
const SCROLLBACK = 10_000;

export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

/** The lines of the screen and of what has scrolled off it, without blank ones around them. */
export async function renderScreen(pieces: readonly Buffer[], size: Partial<ScreenSize> = {}): Promise<string[]> {
  const terminal = await createTerminal(size);
  for (const piece of pieces) terminal.write(piece);
  await new Promise<void>((resolve) => terminal.write("", resolve));
  const { normal } = terminal.buffer;
  const lines = Array.from({ length: normal.length }, (_, at) => normal.getLine(at)?.translateToString(true) ?? "");
  terminal.dispose();
  const isFilled = (line: string): boolean => line.trim() !== "";
  return lines.slice(Math.max(lines.findIndex(isFilled), 0), lines.findLastIndex(isFilled) + 1);
}

async function createTerminal({ columns = COLUMNS, rows = ROWS }: Partial<ScreenSize>): Promise<Terminal> {
  // The package is CommonJS: a default import in Node, names in a bundle.
  const loaded = (await import("@xterm/headless")) as typeof import("@xterm/headless") & {
    readonly default?: typeof import("@xterm/headless");
  };
  const { Terminal: Screen } = loaded.default ?? loaded;
  return new Screen({ cols: columns, rows, scrollback: SCROLLBACK, allowProposedApi: true });
}
