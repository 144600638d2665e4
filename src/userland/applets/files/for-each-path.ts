import { FileError } from "../../files/file-error.ts";
import { toBaseName } from "../../files/path.ts";
import type { Process } from "../../process/process.ts";

/** Does `action` for each word. It complains of what fails, unless `formatError` says nothing of it, and goes on. */
export async function applyToPaths(
  self: Process,
  words: readonly string[],
  describe: (word: string) => string,
  action: (path: string, word: string) => void | Promise<void>,
  formatError: (word: string, error: FileError) => string | undefined = () => undefined,
): Promise<number> {
  let status = 0;
  for (const word of words) {
    try {
      await action(self.resolvePath(word), word);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      const usual = `${toBaseName(self.argv[0] ?? "")}: ${describe(word)}: ${error.message}`;
      const message = formatError(word, error) ?? usual;
      if (message === "") continue;
      await self.writeStderr(`${message}\n`);
      status = 1;
    }
  }
  return status;
}
