/**
 * A terminal's line discipline (termios(3)): what the person types is echoed and handed on by lines, control keys
 * become signals, and a line's end is CR LF on the way out.
 */
import { type ByteSink, type ByteSource, Pipe } from "./pipe.ts";

const LF = 0x0a;
const CR = 0x0d;
const KEYS: Readonly<Record<number, string>> = { 3: "INT", 28: "QUIT", 26: "TSTP" };
const END_OF_FILE = 4;
const ESCAPE = 0x1b;
/** "Where is the cursor?", and the beginnings of what a terminal answers behind ESC (ECMA-48, DSR and CPR). */
const CURSOR_QUESTION = Buffer.from("\x1b[6n");
const CURSOR_ANSWER = /^(\[(\d+(;(\d+R?)?)?)?)?$/;
const KILL_LINE = 21;
const ERASE: ReadonlySet<number> = new Set([8, 127]);

export interface WindowSize {
  readonly rows: number;
  readonly columns: number;
}

export class TerminalDevice {
  /** What processes read: lines. */
  readonly input: Pipe = new Pipe();
  /** What processes write; it becomes what the person sees. */
  readonly output: ByteSink;
  window: WindowSize;
  /** Off while a program reads keys, as a shell's line editor does. */
  echoes = true;
  readonly #show: (bytes: Buffer) => void | Promise<void>;
  readonly #onSignal: (name: string) => void;
  #line: number[] = [];
  /** Bytes to echo. They are written at once, as a terminal shows fast typing. */
  #echoed: Buffer[] = [];
  /** What came of the answer to a question; undefined where none is awaited. */
  #answer: string | undefined;

  constructor(show: (bytes: Buffer) => void | Promise<void>, onSignal: (name: string) => void, window: WindowSize) {
    this.#show = show;
    this.#onSignal = onSignal;
    this.window = window;
    this.output = {
      write: async (bytes) => {
        await show(withCarriageReturns(bytes));
        return true;
      },
      end: () => undefined,
    };
  }

  /** The stdin of a process. It stays open when the client leaves. */
  get source(): ByteSource {
    const { input } = this;
    return { read: (signal) => input.read(signal), putBack: (bytes) => input.putBack(bytes), abandon: () => undefined };
  }

  /** The person types. */
  async type(bytes: Buffer): Promise<void> {
    for (const byte of bytes) await this.#typeKey(byte === CR ? LF : byte);
    await this.#showEcho();
  }

  /**
   * Asks where the cursor is, as busybox's line editor does at each prompt when nothing is typed ahead (libbb/lineedit.c,
   * ask_terminal). The answer, where the terminal gives one, is not taken for what the person types.
   */
  async askForCursor(): Promise<void> {
    if (this.#line.length > 0 || this.input.hasBytes) return;
    this.#answer = "";
    await this.#show(CURSOR_QUESTION);
  }

  resize(window: WindowSize): void {
    const { rows, columns } = this.window;
    this.window = window;
    if (rows !== window.rows || columns !== window.columns) this.#onSignal("WINCH");
  }

  /** The client has left the terminal. */
  hangUp(): void {
    this.input.end();
  }

  async #typeKey(byte: number): Promise<void> {
    if (this.#answer !== undefined && (this.#answer !== "" || byte === ESCAPE)) return this.#hearAnswer(byte);
    const signal = KEYS[byte];
    if (signal !== undefined) return this.#interrupt(byte, signal);
    if (byte === END_OF_FILE) return this.#endOfFile();
    if (byte === KILL_LINE) this.#line = [];
    else if (ERASE.has(byte)) this.#erase();
    else await this.#take(byte);
  }

  /** What begins like the answer and goes on otherwise was typed by the person. */
  async #hearAnswer(byte: number): Promise<void> {
    const answer = `${this.#answer}${String.fromCharCode(byte)}`;
    if (CURSOR_ANSWER.test(answer.slice(1))) {
      this.#answer = answer.endsWith("R") ? undefined : answer;
      return;
    }
    this.#answer = undefined;
    await this.type(Buffer.from(answer, "latin1"));
  }

  async #interrupt(byte: number, signal: string): Promise<void> {
    this.#line = [];
    this.#echo(Buffer.from(`^${String.fromCharCode(byte + 64)}`));
    await this.#showEcho();
    this.#onSignal(signal);
  }

  /** Ctrl-D hands on what was typed; where that is nothing, the reader finds the end. */
  async #endOfFile(): Promise<void> {
    if (this.#line.length === 0) this.input.markEnd();
    else await this.#passLineOn();
  }

  #erase(): void {
    if (this.#line.pop() !== undefined) this.#echo(Buffer.from("\b \b"));
  }

  async #take(byte: number): Promise<void> {
    this.#line.push(byte);
    this.#echo(Buffer.of(byte));
    if (byte === LF) await this.#passLineOn();
  }

  async #passLineOn(): Promise<void> {
    const line = Buffer.from(this.#line);
    this.#line = [];
    await this.#showEcho();
    await this.input.write(line);
  }

  #echo(bytes: Buffer): void {
    if (this.echoes) this.#echoed.push(withCarriageReturns(bytes));
  }

  /** Before anything comes of what was typed. */
  async #showEcho(): Promise<void> {
    const echoed = Buffer.concat(this.#echoed);
    this.#echoed = [];
    if (echoed.length > 0) await this.#show(echoed);
  }
}

function withCarriageReturns(bytes: Buffer): Buffer {
  if (!bytes.includes(LF)) return bytes;
  return Buffer.from(bytes.toString("latin1").replaceAll("\n", "\r\n"), "latin1");
}
