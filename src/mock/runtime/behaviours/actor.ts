import { OutOfMemory, type Process } from "../../../userland/process/process.ts";

/** A process as a function sees it that plays its part. */
export interface Actor {
  /** The whole command, its name first. */
  readonly argv: readonly string[];
  /** Its arguments. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Standard input, until its end. */
  readonly stdin: AsyncIterable<Buffer>;
  /** The same by lines, without their ends. */
  lines(): AsyncGenerator<string>;
  readonly stdout: Voice;
  readonly stderr: Voice;
  /** Aborted by TERM and INT, with the signal's name as the reason. Who does not look at it lives on until KILL. */
  readonly signal: AbortSignal;
  /** Instead of the default, which is to do nothing. */
  onSignal(name: string, handler: () => void): void;
  sleep(ms: number): Promise<void>;
  /** It wants more memory than there is: it ends with 137, and the container is known to have been `OOMKilled`. */
  runOutOfMemory(): never;
  readonly files: Files;
}

export interface Voice {
  /** Resolves when more may be said. */
  write(text: string | Uint8Array): Promise<void>;
}

/** The container's files; paths may be relative to `cwd`. */
export interface Files {
  /** @throws FileError as the system call would fail */
  read(path: string): Buffer;
  /** Folders on the way are made. */
  write(path: string, content: string | Uint8Array): void;
}

export function actorOf(self: Process): Actor {
  const stopping = new AbortController();
  for (const name of ["TERM", "INT"]) self.onSignal(name, () => stopping.abort(name));
  return {
    argv: self.argv,
    args: self.argv.slice(1),
    env: self.env,
    cwd: self.cwd,
    stdin: { [Symbol.asyncIterator]: () => pieces(self) },
    lines: () => linesOf(self),
    stdout: { write: (text) => self.print(Buffer.from(text as string)) },
    stderr: { write: (text) => self.complain(Buffer.from(text as string)) },
    signal: stopping.signal,
    onSignal: (name, handler) => self.onSignal(name.toUpperCase().replace(/^SIG/, ""), handler),
    sleep: (ms) => self.sleep(ms),
    runOutOfMemory: () => {
      throw new OutOfMemory();
    },
    files: {
      read: (path) => self.disk.read(self.path(path)),
      write: (path, content) => writeFile(self, self.path(path), Buffer.from(content as string)),
    },
  };
}

export function writeFile({ disk }: Pick<Process, "disk">, path: string, content: Buffer): void {
  disk.makeFolders(path.slice(0, path.lastIndexOf("/")));
  disk.write(path, content);
}

async function* pieces(self: Process): AsyncGenerator<Buffer> {
  for (let bytes = await self.read(); bytes !== undefined; bytes = await self.read()) yield bytes;
}

export async function* linesOf(self: Process): AsyncGenerator<string> {
  let rest = Buffer.alloc(0);
  for await (const bytes of pieces(self)) {
    rest = Buffer.concat([rest, bytes]);
    for (let end = rest.indexOf(0x0a); end !== -1; end = rest.indexOf(0x0a)) {
      const line = rest.toString("utf8", 0, end).replace(/\r$/, "");
      rest = rest.subarray(end + 1);
      yield line;
    }
  }
  if (rest.length > 0) yield rest.toString("utf8");
}
