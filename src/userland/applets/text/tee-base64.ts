/** `tee` and `base64`: a text as it passes, into files or in another form. */
import { FileError } from "../../files/file-error.ts";
import type { Program } from "../../process/process.ts";
import { AppletError, complain, expectWords } from "../applet-errors.ts";
import { Inputs } from "../inputs.ts";
import { parseCount, readOptions } from "../read-options.ts";

export const tee: Program = async (self) => {
  const { flags, words } = readOptions(self.argv, "ia");
  if (flags.has("i")) self.onSignal("INT", () => undefined);
  const paths: string[] = [];
  let status = 0;
  for (const word of words.filter((name) => name !== "-")) {
    const path = self.resolvePath(word);
    try {
      self.disk.write(path, Buffer.alloc(0), { appends: flags.has("a") });
      paths.push(path);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      status = await complain(self, `${word}: ${error.message}`);
    }
  }
  const copies = 1 + words.filter((name) => name === "-").length;
  for (let bytes = await self.read(); bytes !== undefined; bytes = await self.read()) {
    for (let copy = 0; copy < copies; copy += 1) await self.writeStdout(bytes);
    for (const path of paths) self.disk.write(path, bytes, { appends: true });
  }
  return status;
};

export const base64: Program = async (self) => {
  const { flags, words } = readOptions(self.argv, "dw:");
  expectWords(words, 0, 1);
  const width = parseCount(flags.get("w") ?? "76");
  const inputs = new Inputs(self, words, (name, { message }) => `base64: ${name}: ${message}\n`);
  const bytes = await inputs.readWhole();
  if (inputs.failed) return 1;
  if (flags.has("d")) await self.writeStdout(decode(bytes.toString("latin1")));
  else {
    const text = bytes.toString("base64");
    await self.writeStdout(width === 0 ? text : text.replace(new RegExp(`.{1,${width}}`, "g"), "$&\n"));
  }
  return 0;
};

/** Other characters do not count. @throws AppletError where the text is cut short */
function decode(text: string): Buffer {
  const plain = text.replace(/[^A-Za-z0-9+/=]/g, "");
  if (plain.length % 4 !== 0) throw new AppletError("truncated input");
  return Buffer.from(plain, "base64");
}
