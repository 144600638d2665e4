/** `mktemp`: a fresh file or folder. Its name is made of the process' number. */
import { FileError } from "../../files/file-error.ts";
import { resolvePath } from "../../files/path.ts";
import type { Program } from "../../process/process.ts";
import { complain, expectWords } from "../applet-errors.ts";
import { readOptions } from "../read-options.ts";

const LONG = { directory: "d", quiet: "q", "dry-run": "u", tmpdir: "p" };
const LEAST = 6;
const [FILE_MODE, FOLDER_MODE] = [0o600, 0o700];

export const mktemp: Program = async (self) => {
  const { flags, words } = readOptions(self.argv, "dqtp:u", { long: LONG });
  expectWords(words, 0, 1);
  const [template = "tmp.XXXXXX"] = words;
  const isInFolder = words.length === 0 || flags.has("p") || flags.has("t");
  const standard = self.env.TMPDIR ?? "/tmp";
  const folder = flags.has("t") ? (self.env.TMPDIR ?? flags.get("p") ?? standard) : (flags.get("p") ?? standard);
  const pattern = isInFolder ? `${folder}/${template}` : template;
  const letters = /X*$/.exec(pattern)?.[0].length ?? 0;
  if (letters < LEAST) return flags.has("q") ? 1 : complain(self, "(null): Invalid argument");
  for (let number = self.pid; ; number += 1) {
    const shown = pattern.slice(0, -letters) + number.toString(36).padStart(letters, "a");
    const path = resolvePath(shown, self.cwd);
    try {
      if (self.disk.find(path, false).node !== undefined) continue;
      if (flags.has("d")) self.disk.makeFolder(path, FOLDER_MODE);
      else if (!flags.has("u")) self.disk.write(path, Buffer.alloc(0), { mode: FILE_MODE });
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      return flags.has("q") ? 1 : complain(self, `(null): ${error.message}`);
    }
    await self.writeStdout(`${shown}\n`);
    return 0;
  }
};
