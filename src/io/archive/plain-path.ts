/** A plain name: not `.` or `..`, no slash, no backslash, no control character, not empty. */
const PLAIN_NAME = /^(?!\.{1,2}$)[^/\\\p{Cc}]{1,255}$/u;
const LONGEST_PATH = 1024;

/** Whether a stranger's path is a relative one of plain names, with slashes: it leads to a place below any folder. */
export function isPlainPath(path: string): boolean {
  return path.length <= LONGEST_PATH && path.split("/").every((part) => PLAIN_NAME.test(part));
}
