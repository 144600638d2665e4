/** What a command's descriptors 0, 1 and 2 lead to, and how redirections change that. */
import { FileError } from "../files/file-error.ts";
import { type ByteSink, type ByteSource, createSource, nowhere } from "../process/pipe.ts";
import type { Process, StandardStreams } from "../process/process.ts";
import { type ExpansionScope, expandText } from "./expand.ts";
import { type Redirection, SyntaxFault } from "./syntax.ts";

/** @throws FileError, SyntaxFault */
export async function redirect(
  stdio: StandardStreams,
  redirects: readonly Redirection[],
  scope: ExpansionScope,
  self: Process,
): Promise<StandardStreams> {
  let open = stdio;
  for (const redirect of redirects)
    open = await applyRedirect(open, redirect, await expandText(redirect.target, scope), self);
  return open;
}

async function applyRedirect(
  open: StandardStreams,
  { fd, operator }: Redirection,
  target: string,
  self: Process,
): Promise<StandardStreams> {
  switch (operator) {
    case "<<":
      return { ...open, stdin: createSource(Buffer.from(target)) };
    case "<":
    case "<>":
      return { ...open, stdin: openFile(target, self) };
    case ">&":
    case "<&":
      return duplicateDescriptor(open, fd, target);
    default:
      return withSink(open, fd, createFile(target, operator === ">>", self));
  }
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

function duplicateDescriptor(open: StandardStreams, fd: number, target: string): StandardStreams {
  if (target === "-") return fd === 0 ? { ...open, stdin: nowhere } : withSink(open, fd, nowhere);
  if (fd === 0) return open;
  if (target === "1") return withSink(open, fd, open.stdout);
  if (target === "2") return withSink(open, fd, open.stderr);
  throw new SyntaxFault(`${target}: bad file descriptor`);
}

function withSink(open: StandardStreams, fd: number, sink: ByteSink): StandardStreams {
  if (fd === 1) return { ...open, stdout: sink };
  return fd === 2 ? { ...open, stderr: sink } : open;
}
