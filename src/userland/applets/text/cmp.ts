/** `cmp`: the first byte in which two files differ, or all of them. */
import type { FileError } from "../../files/file-error.ts";
import type { Process, Program } from "../../process/process.ts";
import { expectWords } from "../applet-errors.ts";
import { Inputs } from "../inputs.ts";
import { parseCount, readOptions } from "../read-options.ts";

const LF = 0x0a;
const TROUBLE = 2;

export const cmp: Program = async (self) => {
  const { flags, words } = readOptions(self.argv, "lsn:");
  expectWords(words, 1, 4);
  const limit = flags.has("n") ? parseCount(flags.get("n") as string) : undefined;
  const [firstName = "", secondName = "-"] = words;
  const contents = await readBoth(self, [firstName, secondName], flags.has("s"));
  if (contents === undefined) return TROUBLE;
  const skips = words.slice(2).map((word) => parseCount(word));
  const [one, other] = contents.map((bytes, at) => bytes.subarray(skips[at] ?? 0).subarray(0, limit)) as [
    Buffer,
    Buffer,
  ];
  if (one.equals(other)) return 0;
  if (flags.has("s")) return 1;
  const shorter = Math.min(one.length, other.length);
  const differing = [...one.subarray(0, shorter).keys()].filter((at) => one[at] !== other[at]);
  const [first] = differing;
  if (flags.has("l")) {
    const lines = differing.map((at) => `${at + 1} ${formatOctal(one[at])} ${formatOctal(other[at])}\n`);
    await self.writeStdout(lines.join(""));
  } else if (first !== undefined) {
    const line = one.subarray(0, first).filter((byte) => byte === LF).length + 1;
    await self.writeStdout(`${firstName} ${secondName} differ: char ${first + 1}, line ${line}\n`);
    return 1;
  }
  if (one.length !== other.length) {
    await self.writeStderr(`cmp: EOF on ${one.length < other.length ? firstName : secondName}\n`);
  }
  return 1;
};

function formatOctal(byte = 0): string {
  return byte.toString(8).padStart(3);
}

/** Undefined where one cannot be read. */
async function readBoth(
  self: Process,
  names: readonly string[],
  isSilent: boolean,
): Promise<readonly Buffer[] | undefined> {
  const contents: Buffer[] = [];
  for (const name of names) {
    const inputs = new Inputs(self, [name], (_, { message }: FileError) =>
      isSilent ? "" : `cmp: ${name}: ${message}\n`,
    );
    contents.push(await inputs.readWhole());
    if (inputs.failed) return undefined;
  }
  return contents;
}
