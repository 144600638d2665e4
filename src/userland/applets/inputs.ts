/** What filters read: the files named, or standard input. */
import { ByteQueue } from "../../base/bytes.ts";
import { FileError } from "../files/file-error.ts";
import type { Process } from "../process/process.ts";
import { OutOfMemory } from "../process/process-end.ts";

/** What is read at once of a device that has no end. */
const PIECE = 64 * 1024;
/** What a program of the simulated world can hold. */
const LONGEST_LINE = 16 * 1024 * 1024;

export interface InputFile {
  /** As named; `-` for standard input. */
  readonly name: string;
  /** Its place among the inputs, from 0 on. */
  readonly index: number;
  pieces(): AsyncGenerator<Buffer>;
}

/** The inputs of a filter. It complains of each file that cannot be read, and goes on; `failed` then says so. */
export class Inputs {
  failed = false;
  readonly #self: Process;
  readonly #paths: readonly string[];
  readonly #complaint: (name: string, error: FileError) => string;
  readonly #hasFolders: boolean;

  /**
   * @param complaint formats what the filter writes about a file that cannot be read
   * @param hasFolders a folder counts as an empty file, after the complaint
   */
  constructor(
    self: Process,
    paths: readonly string[],
    complaint: (name: string, error: FileError) => string = (name, error) => formatReadError(self, name, error),
    hasFolders = false,
  ) {
    this.#self = self;
    this.#complaint = complaint;
    this.#hasFolders = hasFolders;
    this.#paths = paths.length === 0 ? ["-"] : paths;
  }

  get count(): number {
    return this.#paths.length;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<InputFile> {
    for (const [index, name] of this.#paths.entries()) {
      const input = await this.#open(name, index);
      if (input !== undefined) yield input;
    }
  }

  /** All that there is, as one piece. */
  async readWhole(): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for await (const input of this) for await (const bytes of input.pieces()) pieces.push(bytes);
    return Buffer.concat(pieces);
  }

  /** Line by line, with their ends. */
  async *readLines(ending: "\n" | "\0" = "\n"): AsyncGenerator<Buffer> {
    for await (const input of this) yield* readLines(input, ending);
  }

  async #open(name: string, index: number): Promise<InputFile | undefined> {
    const self = this.#self;
    if (name === "-" || name === "/dev/stdin") return { name: "-", index, pieces: () => readStandardInput(self) };
    if (name === "/dev/zero" || name === "/dev/urandom")
      return { name, index, pieces: () => yieldEndlessly(self, name) };
    try {
      const content = self.disk.read(self.resolvePath(name));
      return { name, index, pieces: () => yieldOnce(content) };
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      this.failed = true;
      await self.writeStderr(this.#complaint(name, error));
      const isOpen = this.#hasFolders && error.code === "EISDIR";
      return isOpen ? { name, index, pieces: () => yieldOnce(Buffer.alloc(0)) } : undefined;
    }
  }
}

function formatReadError({ argv: [command] }: Process, name: string, { code, message }: FileError): string {
  return `${command}: ${code === "EISDIR" ? "read error" : `can't open '${name}'`}: ${message}\n`;
}

/** @throws OutOfMemory for a line that never ends, as those of /dev/zero do */
export async function* readLines(input: InputFile, ending: "\n" | "\0" = "\n"): AsyncGenerator<Buffer> {
  const mark = ending.charCodeAt(0);
  const held = new ByteQueue();
  for await (const bytes of input.pieces()) {
    let from = 0;
    for (let end = bytes.indexOf(mark); end !== -1; end = bytes.indexOf(mark, from)) {
      held.push(bytes.subarray(from, end + 1));
      yield held.take();
      from = end + 1;
    }
    held.push(bytes.subarray(from));
    if (held.length > LONGEST_LINE) throw new OutOfMemory();
  }
  if (held.length > 0) yield held.take();
}

async function* readStandardInput(self: Process): AsyncGenerator<Buffer> {
  for (let bytes = await self.read(); bytes !== undefined; bytes = await self.read()) yield bytes;
}

async function* yieldOnce(content: Buffer): AsyncGenerator<Buffer> {
  if (content.length > 0) yield content;
}

async function* yieldEndlessly(self: Process, name: string): AsyncGenerator<Buffer> {
  for (let count = 0; ; count += 1) {
    await self.yield();
    yield Buffer.alloc(PIECE, name === "/dev/zero" ? 0 : (count * 97 + 13) & 0xff);
  }
}
