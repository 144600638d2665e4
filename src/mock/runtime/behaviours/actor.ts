import type { Process } from "../../../userland/process/process.ts";
import { OutOfMemory } from "../../../userland/process/process-end.ts";

/** The process that a behaviour's function plays. */
export interface Actor {
  /** The whole command, its name first. */
  readonly argv: readonly string[];
  /** Its arguments. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Standard input, until its end. */
  readonly stdin: AsyncIterable<Buffer>;
  /** Standard input by lines, without line ends. */
  lines(): AsyncGenerator<string>;
  readonly stdout: ActorOutput;
  readonly stderr: ActorOutput;
  /** Aborted by TERM and INT, with the signal's name as the reason. A function that ignores it runs until KILL. */
  readonly signal: AbortSignal;
  /** Handles a signal. Without a handler, signals do nothing. */
  onSignal(name: string, handler: () => void): void;
  sleep(ms: number): Promise<void>;
  /** Ends the process with 137, and marks the container as `OOMKilled`. */
  runOutOfMemory(): never;
  readonly files: ActorFiles;
}

export interface ActorOutput {
  /** Resolves when more may be written. */
  write(text: string | Uint8Array): Promise<void>;
}

/** The container's files; paths may be relative to `cwd`. */
export interface ActorFiles {
  /** @throws FileError as the system call would fail */
  read(path: string): Buffer;
  /** Creates missing folders. */
  write(path: string, content: string | Uint8Array): void;
}

export function createActor(self: Process): Actor {
  const stopping = new AbortController();
  for (const name of ["TERM", "INT"]) self.onSignal(name, () => stopping.abort(name));
  return {
    argv: self.argv,
    args: self.argv.slice(1),
    env: self.env,
    cwd: self.cwd,
    stdin: { [Symbol.asyncIterator]: () => readPieces(self) },
    lines: () => readLines(self),
    stdout: { write: (text) => self.writeStdout(Buffer.from(text as string)) },
    stderr: { write: (text) => self.writeStderr(Buffer.from(text as string)) },
    signal: stopping.signal,
    onSignal: (name, handler) => self.onSignal(name.toUpperCase().replace(/^SIG/, ""), handler),
    sleep: (ms) => self.sleep(ms),
    runOutOfMemory: () => {
      throw new OutOfMemory();
    },
    files: {
      read: (path) => self.disk.read(self.resolvePath(path)),
      write: (path, content) => writeFile(self, self.resolvePath(path), Buffer.from(content as string)),
    },
  };
}

export function writeFile({ disk }: Pick<Process, "disk">, path: string, content: Buffer): void {
  disk.makeFolders(path.slice(0, path.lastIndexOf("/")));
  disk.write(path, content);
}

async function* readPieces(self: Process): AsyncGenerator<Buffer> {
  for (let bytes = await self.read(); bytes !== undefined; bytes = await self.read()) yield bytes;
}

export async function* readLines(self: Process): AsyncGenerator<string> {
  let rest = Buffer.alloc(0);
  for await (const bytes of readPieces(self)) {
    rest = Buffer.concat([rest, bytes]);
    for (let end = rest.indexOf(0x0a); end !== -1; end = rest.indexOf(0x0a)) {
      const line = rest.toString("utf8", 0, end).replace(/\r$/, "");
      rest = rest.subarray(end + 1);
      yield line;
    }
  }
  if (rest.length > 0) yield rest.toString("utf8");
}
