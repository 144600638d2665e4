/** Names that are one name on the file systems of macOS and Windows. */
import { readdirSync } from "node:fs";
import { basename, dirname } from "node:path";

/** What a path is to a file system that ignores case and normal forms. */
export function foldPath(path: string): string {
  return path.normalize("NFC").toLowerCase();
}

/**
 * For the message that `path` is not there: ` (there is ...)` if a file beside it has the same name but for case and
 * normal form, as where a test was renamed on macOS, which takes both for one; else an empty text.
 */
export function describeOtherSpelling(path: string): string {
  const [name, folded] = [basename(path), foldPath(basename(path))];
  const other = readNames(dirname(path)).find((each) => each !== name && foldPath(each) === folded);
  return other === undefined ? "" : ` (there is \`${other}\`, which is another name here, and the same on macOS)`;
}

function readNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // There is no such folder, or it cannot be read: it has no other spelling to offer.
    return [];
  }
}
