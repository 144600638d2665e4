/** `dd`: blocks of one file into another. */
import { FileError } from "../../files/file-error.ts";
import type { Process, Program } from "../../process/process.ts";
import { AppletError, complain, WrongUsage } from "../applet-errors.ts";
import { Inputs } from "../inputs.ts";

const UNITS: Readonly<Record<string, number>> = {
  c: 1, w: 2, b: 512, kB: 1000, kD: 1000, k: 1024, K: 1024, KB: 1000, MB: 1e6, MD: 1e6, M: 1024 ** 2, GB: 1e9, GD: 1e9, G: 1024 ** 3,
}; // biome-ignore format: a table
const NUMBERS = ["bs", "ibs", "obs", "count", "skip", "seek"];
const WORDS: Readonly<Record<string, readonly string[]>> = {
  conv: ["notrunc", "sync", "noerror", "fsync", "swab"],
  iflag: ["skip_bytes", "count_bytes", "fullblock", "direct"],
  oflag: ["seek_bytes", "append", "direct"],
  status: ["none", "noxfer"],
};
const BLOCK = 512;
/** A simulated disk is in memory, and has no room for more. */
const LARGEST = 512 * 1024 ** 2;

export const dd: Program = async (self) => {
  const settings = readSettings(self.argv);
  const has = (key: string, word: string): boolean => (settings.get(key) ?? "").split(",").includes(word);
  const number = (key: string, standard: number): number => parseBlocks(settings.get(key)) ?? standard;
  for (const key of ["bs", "ibs", "obs"])
    if (number(key, BLOCK) === 0) throw new AppletError("number 0 is not in 1..9223372036854775807 range");
  const inputSize = number("bs", number("ibs", BLOCK));
  const outputSize = number("bs", number("obs", BLOCK));
  const skip = number("skip", 0) * (has("iflag", "skip_bytes") ? 1 : inputSize);
  const count = settings.has("count") ? number("count", 0) : undefined;
  const limit = count === undefined ? undefined : count * (has("iflag", "count_bytes") ? 1 : inputSize);
  const bytes = await readInput(self, settings.get("if"), skip, limit);
  const content = convert(bytes, inputSize, has("conv", "swab"), has("conv", "sync"));
  const seek = number("seek", 0) * (has("oflag", "seek_bytes") ? 1 : outputSize);
  await writeOutput(self, settings.get("of"), content, {
    seek,
    truncates: !has("conv", "notrunc"),
    appends: has("oflag", "append"),
  });
  if (!has("status", "none")) {
    await self.writeStderr(
      `${countBlocks(bytes, inputSize)} records in\n${countBlocks(content, outputSize)} records out\n`,
    );
  }
  return 0;
};

function readSettings(argv: readonly string[]): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  for (const word of argv.slice(1)) {
    const equals = word.indexOf("=");
    const [key, value] = [word.slice(0, Math.max(0, equals)), word.slice(equals + 1)];
    if (equals === -1 || !(NUMBERS.includes(key) || key in WORDS || key === "if" || key === "of"))
      throw new WrongUsage("");
    const unknown = WORDS[key] && value.split(",").find((one) => !WORDS[key]?.includes(one));
    if (unknown !== undefined) throw new AppletError(`invalid argument '${unknown}' to '${key}'`);
    settings.set(key, value);
  }
  return settings;
}

/** `4k`, or `2x512`. @throws AppletError */
function parseBlocks(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, digits, unit = ""] = /^(\d+)(\w*)$/.exec(text) ?? [];
  const size = unit === "" ? 1 : UNITS[unit];
  if (digits === undefined || size === undefined) throw new AppletError(`invalid number '${text}'`);
  return Number(digits) * size;
}

async function readInput(
  self: Process,
  name: string | undefined,
  skip: number,
  limit: number | undefined,
): Promise<Buffer> {
  const inputs = new Inputs(
    self,
    name === undefined ? [] : [name],
    (path, { message }) => `dd: can't open '${path}': ${message}\n`,
  );
  const pieces: Buffer[] = [];
  let size = 0;
  const end = limit === undefined ? Number.POSITIVE_INFINITY : skip + limit;
  for await (const input of inputs) {
    if (end === 0) break;
    for await (const bytes of input.pieces()) {
      pieces.push(bytes);
      size += bytes.length;
      if (size > LARGEST) throw new AppletError("error writing: No space left on device");
      if (size >= end) break;
    }
  }
  if (inputs.failed) throw new AppletError("");
  return Buffer.concat(pieces).subarray(skip, limit === undefined ? undefined : end);
}

function convert(bytes: Buffer, blockSize: number, swaps: boolean, pads: boolean): Buffer {
  const padded = pads
    ? Buffer.concat([bytes, Buffer.alloc((blockSize - (bytes.length % blockSize)) % blockSize)])
    : bytes;
  if (!swaps) return padded;
  const even = Buffer.from(padded.subarray(0, padded.length & ~1)).swap16();
  return Buffer.concat([even, padded.subarray(even.length)]);
}

async function writeOutput(
  self: Process,
  name: string | undefined,
  content: Buffer,
  { seek, truncates, appends }: { readonly seek: number; readonly truncates: boolean; readonly appends: boolean },
): Promise<void> {
  if (name === undefined) return self.writeStdout(content);
  const path = self.resolvePath(name);
  try {
    const node = self.disk.peek(path);
    const before = node?.kind === "file" ? node.content : Buffer.alloc(0);
    const head = Buffer.concat([before.subarray(0, seek), Buffer.alloc(Math.max(0, seek - before.length))]);
    const rest = truncates ? Buffer.alloc(0) : before.subarray(seek + content.length);
    if (appends) self.disk.write(path, content, { appends });
    else self.disk.write(path, Buffer.concat([head, content, rest]));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    await complain(self, `can't open '${name}': ${error.message}`);
    throw new AppletError("");
  }
}

/** Whole blocks, and whether a part of one follows: `3+1`. */
function countBlocks(bytes: Buffer, size: number): string {
  return `${Math.floor(bytes.length / size)}+${bytes.length % size === 0 ? 0 : 1}`;
}
