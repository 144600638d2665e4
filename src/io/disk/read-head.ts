import { closeSync, openSync, readSync } from "node:fs";
import { withDiskErrors } from "./disk.ts";

/** Comments may stand before the first key of a cassette. */
export const HEAD_SIZE: number = 64 * 1024;

/**
 * The beginning of a file, as text.
 * @throws EnvironmentError `WHALESONG_DISK` if it cannot be read
 */
export function readHead(path: string): string {
  const head = Buffer.alloc(HEAD_SIZE);
  return withDiskErrors("read", path, () => {
    const fd = openSync(path, "r");
    try {
      return head.toString("utf8", 0, readSync(fd, head));
    } finally {
      closeSync(fd);
    }
  });
}
