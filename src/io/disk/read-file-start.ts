/** The first bytes of a file, for what is looked for before it is read as a whole. */
import { closeSync, constants, openSync, readSync } from "node:fs";

/**
 * At most `size` bytes as latin1; empty for what cannot be opened: that is reported where the whole is read. A FIFO keeps
 * nothing waiting.
 */
export function readFileStart(path: string, size: number): string {
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const buffer = Buffer.alloc(size);
      return buffer.toString("latin1", 0, readSync(fd, buffer, 0, size, 0));
    } finally {
      closeSync(fd);
    }
  } catch {
    return "";
  }
}
