import { constants } from "node:os";
import { toErrorMessage } from "../base/error-message.ts";
import { gatherText, type TextPieces } from "../base/gather-text.ts";
import { openPager, type PagedOutput } from "../io/pager.ts";
import { writeToStdout } from "../io/standard-output.ts";
import { isColourful, toTerminalText } from "../view/colour.ts";
import { TerminalFilter } from "../view/terminal-filter.ts";

/** What the command line uses of its process. A test passes a terminal of its own and runs in-process. */
export interface Terminal {
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
  /**
   * Resolves when the user or the system asks the process to stop: at the first SIGINT, SIGTERM or SIGHUP. A second one
   * ends the process at once.
   */
  waitForStop(): Promise<void>;
  /** Starts a pager, if stdout is a terminal and the user wants one. */
  openPager?(): Promise<PagedOutput | undefined>;
}

export interface TextOutput {
  write(text: string): unknown;
  /** Whether styles are shown, and not removed. @default true */
  readonly hasColours?: boolean;
  /** Whether a person looks at it. @default false */
  readonly isTerminal?: boolean;
}

/** The terminal of this process. */
export function createProcessTerminal(): Terminal {
  const { stdout, stderr } = process;
  return {
    stdout: { write: writeToStdout, ...describeStream(stdout) },
    stderr: { write: (text) => stderr.write(text), ...describeStream(stderr) },
    waitForStop: waitForSignal,
    openPager: async () => (stdout.isTTY === true ? openPager(process.env) : undefined),
  };
}

function describeStream({ isTTY = false }: { readonly isTTY?: boolean }): Omit<TextOutput, "write"> {
  return { isTerminal: isTTY, hasColours: isColourful(isTTY) };
}

/** npx and npm run pass a Ctrl-C on that the terminal has sent to the process already. */
const SAME_SIGNAL_MS = 1000;

function waitForSignal(): Promise<void> {
  return new Promise((resolve) => {
    let firstAt: number | undefined;
    const obey = (signal: "SIGINT" | "SIGTERM" | "SIGHUP"): void => {
      firstAt ??= performance.now();
      // A cassette is replaced in one step, so that even now the old or the new one is there.
      if (performance.now() - firstAt >= SAME_SIGNAL_MS) process.exit(128 + constants.signals[signal]);
      resolve();
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, obey);
  });
}

/** Shows what a recorded terminal shows: its bytes, filtered. */
export interface TerminalScreen {
  /** Resolves when there is room for more. */
  write(bytes: Buffer): Promise<void>;
  /** Puts the user's terminal back into its usual state. */
  close(): void;
}

/** What verbs print to. */
export interface VerbTerminal extends Terminal {
  openScreen(): TerminalScreen;
  /** Writes a file to stdout, as it is; escaped only where a person looks at it. */
  writeDocument(pieces: TextPieces): Promise<void>;
}

/** A terminal whose texts are escaped: what verbs print quotes cassettes, clients and daemons. */
export function createEscapingTerminal(terminal: Terminal): VerbTerminal {
  const { stdout, stderr } = terminal;
  return {
    stdout: { ...stdout, write: (text) => stdout.write(toTerminalText(text, stdout.hasColours)) },
    stderr: { ...stderr, write: (text) => stderr.write(toTerminalText(text, stderr.hasColours)) },
    waitForStop: () => terminal.waitForStop(),
    openScreen: () => openScreen(stdout),
    writeDocument: (pieces) => writeDocument(stdout, pieces),
    openPager: async () => {
      const pager = await terminal.openPager?.();
      return pager && { write: (text) => pager.write(toTerminalText(text)), close: () => pager.close() };
    },
  };
}

async function writeDocument(stdout: TextOutput, pieces: TextPieces): Promise<void> {
  for await (const text of gatherText(pieces))
    await stdout.write(stdout.isTerminal === true ? toTerminalText(text) : text);
}

function openScreen({ write, isTerminal = false }: TextOutput): TerminalScreen {
  const filter = new TerminalFilter();
  return {
    write: async (bytes) => void (await write(filter.filter(bytes))),
    close: () => {
      const end = filter.end();
      if (isTerminal) write(end);
    },
  };
}

/** Prints a problem that does not end the verb. */
export function printWarning({ stderr }: Terminal, problem: unknown): void {
  stderr.write(`whalesong: ${toErrorMessage(problem)}\n`);
}
