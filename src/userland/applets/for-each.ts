import { FileError } from "../files/disk.ts";
import { baseName } from "../files/path.ts";
import type { Process } from "../process/process.ts";

/** Does `action` for each word; complains of what fails, and goes on. */
export async function forEach(
  self: Process,
  words: readonly string[],
  what: (word: string) => string,
  action: (path: string, word: string) => void | Promise<void>,
  complaint: (word: string, error: FileError) => string | undefined = () => undefined,
): Promise<number> {
  let status = 0;
  for (const word of words) {
    try {
      await action(self.path(word), word);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      const usual = `${baseName(self.argv[0] ?? "")}: ${what(word)}: ${error.message}`;
      await self.complain(`${complaint(word, error) ?? usual}\n`);
      status = 1;
    }
  }
  return status;
}
