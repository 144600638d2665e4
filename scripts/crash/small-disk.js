/** A disk that is soon full: a tmpfs. Only root may mount one. */
import { spawnSync } from "node:child_process";

/** Room for what is read and written when all is over. */
const LARGE = "256m";

/**
 * @param {string} folder where it is mounted
 * @param {number} bytes
 * @returns {{ grow: () => void, unmount: () => void } | undefined} undefined where it cannot be mounted
 */
export function mountSmallDisk(folder, bytes) {
  const mount = (/** @type {string[]} */ ...words) =>
    spawnSync("mount", ["-t", "tmpfs", ...words, "whalesong", folder]);
  if (mount("-o", `size=${bytes}`).status !== 0) return undefined;
  return {
    grow: () => void mount("-o", `remount,size=${LARGE}`),
    unmount: () => void spawnSync("umount", [folder]),
  };
}
