import { constants } from "node:os";

type Errno = "EPIPE" | "ECONNRESET" | "ECONNREFUSED";

/** An error as Node makes it from an errno of the kernel. */
export function createSocketError(syscall: string, code: Errno, where = ""): NodeJS.ErrnoException {
  const error: NodeJS.ErrnoException = new Error(`${syscall} ${code}${where === "" ? "" : ` ${where}`}`);
  return Object.assign(error, { errno: -constants.errno[code], code, syscall });
}
