/** Where the descriptors of a command lead to, and how redirections change that. */
import { FileError } from "../files/file-error.ts";
import { type ByteSink, type ByteSource, createSource, nowhere } from "../process/pipe.ts";
import type { Process, StandardStreams } from "../process/process.ts";
import { expandText } from "./expand.ts";
import type { Shell } from "./shell.ts";
import type { Redirection } from "./syntax.ts";

export interface ShellStreams extends StandardStreams {
  /** The descriptors from 3 on. */
  readonly others: ReadonlyMap<number, ByteSource | ByteSink>;
}

export function getStreams({ self, others }: Shell): ShellStreams {
  return { stdin: self.stdin, stdout: self.stdout, stderr: self.stderr, others };
}

/** A redirection refers to a descriptor that is not open. */
export class BadDescriptor extends Error {
  constructor(target: string) {
    super(`${target}: Bad file descriptor`);
    this.name = new.target.name;
  }
}

/** @throws FileError, BadDescriptor, SyntaxFault */
export async function redirect(redirects: readonly Redirection[], shell: Shell): Promise<ShellStreams> {
  let open = getStreams(shell);
  for (const redirection of redirects)
    open = applyRedirect(open, redirection, await expandText(redirection.target, shell), shell);
  return open;
}

function applyRedirect(open: ShellStreams, { fd, operator }: Redirection, target: string, shell: Shell): ShellStreams {
  const { self } = shell;
  switch (operator) {
    case "<<":
      return withSource(open, fd, createSource(Buffer.from(target)));
    case "<":
    case "<>":
      return withSource(open, fd, openFile(target, self));
    case ">&":
    case "<&":
      return duplicateDescriptor(open, fd, target);
    default:
      if (operator === ">" && shell.options.has("C")) expectNoFile(target, self);
      return withSink(open, fd, createFile(target, operator === ">>", self));
  }
}

/** `set -C`: no file is overwritten. */
function expectNoFile(target: string, self: Process): void {
  if (self.disk.peek(self.resolvePath(target))?.kind === "file") throw new FileError("EEXIST");
}

function openFile(target: string, self: Process): ByteSource {
  if (target === "/dev/null") return nowhere;
  if (target === "/dev/stdin" || target === "/dev/tty") return self.stdin;
  return createSource(self.disk.read(self.resolvePath(target)));
}

function createFile(target: string, appends: boolean, self: Process): ByteSink {
  if (target === "/dev/null") return nowhere;
  if (target === "/dev/stdout" || target === "/proc/self/fd/1" || target === "/dev/tty") return self.stdout;
  if (target === "/dev/stderr" || target === "/proc/self/fd/2") return self.stderr;
  // What the first process of a container writes to, where its log is made: `> /proc/1/fd/1`.
  const first = /^\/proc\/1\/fd\/([12])$/.exec(target)?.[1];
  if (first !== undefined) return (first === "1" ? self.table.find(1)?.stdout : self.table.find(1)?.stderr) ?? nowhere;
  return createFileSink(self.resolvePath(target), appends, self);
}

function createFileSink(path: string, appends: boolean, { disk }: Process): ByteSink {
  if (disk.peek(path)?.kind === "directory") throw new FileError("EISDIR");
  disk.write(path, Buffer.alloc(0), { appends });
  return {
    write: async (bytes) => {
      disk.write(path, bytes, { appends: true });
      return true;
    },
    end: () => undefined,
  };
}

function duplicateDescriptor(open: ShellStreams, fd: number, target: string): ShellStreams {
  if (target === "-") return closeDescriptor(open, fd);
  const stream = /^\d+$/.test(target) ? findStream(open, Number(target)) : undefined;
  if (stream === undefined) throw new BadDescriptor(target);
  return fd === 0 ? withSource(open, fd, stream as ByteSource) : withSink(open, fd, stream as ByteSink);
}

function findStream({ stdin, stdout, stderr, others }: ShellStreams, fd: number): ByteSource | ByteSink | undefined {
  return [stdin, stdout, stderr][fd] ?? others.get(fd);
}

function closeDescriptor(open: ShellStreams, fd: number): ShellStreams {
  if (fd === 0) return { ...open, stdin: nowhere };
  if (fd <= 2) return withSink(open, fd, nowhere);
  return { ...open, others: new Map([...open.others].filter(([other]) => other !== fd)) };
}

function withSource(open: ShellStreams, fd: number, source: ByteSource): ShellStreams {
  return fd === 0 ? { ...open, stdin: source } : { ...open, others: new Map([...open.others, [fd, source]]) };
}

function withSink(open: ShellStreams, fd: number, sink: ByteSink): ShellStreams {
  if (fd === 1) return { ...open, stdout: sink };
  if (fd === 2) return { ...open, stderr: sink };
  return { ...open, others: new Map([...open.others, [fd, sink]]) };
}
