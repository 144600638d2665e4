/** What a command's descriptors 0, 1 and 2 lead to, and how redirections change that. */
import { FileError } from "../files/disk.ts";
import { nowhere, type Sink, type Source, sourceOf } from "../process/pipe.ts";
import type { Process, Stdio } from "../process/process.ts";
import { expandText, type Scope } from "./expand.ts";
import { type Redirect, SyntaxFault } from "./syntax.ts";

/** @throws FileError, SyntaxFault */
export async function redirected(
  stdio: Stdio,
  redirects: readonly Redirect[],
  scope: Scope,
  self: Process,
): Promise<Stdio> {
  let open = stdio;
  for (const redirect of redirects)
    open = await applied(open, redirect, await expandText(redirect.target, scope), self);
  return open;
}

async function applied(open: Stdio, { fd, operator }: Redirect, target: string, self: Process): Promise<Stdio> {
  switch (operator) {
    case "<<":
      return { ...open, stdin: sourceOf(Buffer.from(target)) };
    case "<":
    case "<>":
      return { ...open, stdin: opened(target, self) };
    case ">&":
    case "<&":
      return duplicated(open, fd, target);
    default:
      return withSink(open, fd, created(target, operator === ">>", self));
  }
}

function opened(target: string, self: Process): Source {
  if (target === "/dev/null") return nowhere;
  if (target === "/dev/stdin" || target === "/dev/tty") return self.stdin;
  return sourceOf(self.disk.read(self.path(target)));
}

function created(target: string, appends: boolean, self: Process): Sink {
  if (target === "/dev/null") return nowhere;
  if (target === "/dev/stdout" || target === "/proc/self/fd/1" || target === "/dev/tty") return self.stdout;
  if (target === "/dev/stderr" || target === "/proc/self/fd/2") return self.stderr;
  // What the first process of a container writes to, where its log is made: `> /proc/1/fd/1`.
  const first = /^\/proc\/1\/fd\/([12])$/.exec(target)?.[1];
  if (first !== undefined) return (first === "1" ? self.table.find(1)?.stdout : self.table.find(1)?.stderr) ?? nowhere;
  return fileSink(self.path(target), appends, self);
}

function fileSink(path: string, appends: boolean, { disk }: Process): Sink {
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

function duplicated(open: Stdio, fd: number, target: string): Stdio {
  if (target === "-") return fd === 0 ? { ...open, stdin: nowhere } : withSink(open, fd, nowhere);
  if (fd === 0) return open;
  if (target === "1") return withSink(open, fd, open.stdout);
  if (target === "2") return withSink(open, fd, open.stderr);
  throw new SyntaxFault(`${target}: bad file descriptor`);
}

function withSink(open: Stdio, fd: number, sink: Sink): Stdio {
  if (fd === 1) return { ...open, stdout: sink };
  return fd === 2 ? { ...open, stderr: sink } : open;
}
