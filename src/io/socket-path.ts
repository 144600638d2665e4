/** How long the path of a unix socket may be. */
import { EnvironmentError } from "../base/errors.ts";

/**
 * `sun_path` holds 108 bytes on Linux (unix(7)) and 104 elsewhere (xnu bsd/sys/un.h), the last of them a NUL. A longer
 * path must not reach Node: version 20 cuts it off without a word, and takes another path.
 */
export function getSocketPathLimit(platform: NodeJS.Platform = process.platform): number {
  return platform === "linux" ? 107 : 103;
}

/** @throws EnvironmentError `WHALESONG_SOCKET_PATH_TOO_LONG` if `path` has more than `longest` bytes */
export function assertSocketPathFits(path: string, longest: number = getSocketPathLimit()): void {
  const length = Buffer.byteLength(path);
  if (length <= longest) return;
  throw new EnvironmentError(
    "WHALESONG_SOCKET_PATH_TOO_LONG",
    `the socket path \`${path}\` has ${length} bytes, the system allows ${longest}; use a shorter folder, such as one in /tmp`,
    { fields: { path, length, longest } },
  );
}
