import { FileError } from "../files/disk.ts";
import { baseName } from "../files/path.ts";
import type { Process } from "../process/process.ts";

/** Does `action` for each word; complains of what fails, and goes on. */
export async function forEach(
  self: Process,
  words: readonly string[],
  what: (word: string) => string,
  action: (path: string, word: string) => void | Promise<void>,
): Promise<number> {
  let status = 0;
  for (const word of words) {
    try {
      await action(self.path(word), word);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      await self.complain(`${baseName(self.argv[0] ?? "")}: ${what(word)}: ${error.message}\n`);
      status = 1;
    }
  }
  return status;
}
