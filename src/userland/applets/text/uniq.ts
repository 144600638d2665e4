/** `uniq`: one line for each run of the same lines. */
import { FileError } from "../../files/file-error.ts";
import type { Process, Program } from "../../process/process.ts";
import { AppletError } from "../applet-errors.ts";
import { Inputs } from "../inputs.ts";
import { parseCount, type ReadOptions, readOptions } from "../read-options.ts";

interface LineRun {
  readonly line: string;
  readonly key: string;
  count: number;
}

export const uniq: Program = async (self) => {
  const { flags, words } = readOptions(self.argv, "cduf:s:w:iz");
  const toKey = createKey(flags);
  const [source = "-", target] = words;
  const ending = flags.has("z") ? "\0" : "\n";
  const inputs = new Inputs(self, [source]);
  const runs: LineRun[] = [];
  for await (const bytes of inputs.readLines(ending)) {
    const text = bytes.toString("latin1");
    const line = text.endsWith(ending) ? text.slice(0, -1) : text;
    const [key, last] = [toKey(line), runs.at(-1)];
    if (last?.key === key) last.count += 1;
    else runs.push({ line, key, count: 1 });
  }
  if (inputs.failed) return 1;
  const shown = runs.filter(({ count }) => !(flags.has("d") && count === 1) && !(flags.has("u") && count > 1));
  const lines = shown.map(
    ({ line, count }) => `${flags.has("c") ? `${String(count).padStart(7)} ` : ""}${line}${ending}`,
  );
  await write(self, Buffer.from(lines.join(""), "latin1"), target);
  return 0;
};

/** What of a line is compared. */
function createKey(flags: ReadOptions["flags"]): (line: string) => string {
  const [fields, characters] = [parseCount(flags.get("f") ?? "0"), parseCount(flags.get("s") ?? "0")];
  const width = flags.has("w") ? parseCount(flags.get("w") as string) : undefined;
  const skipped = new RegExp(`^(?:\\s*\\S+){0,${fields}}`);
  return (line) => {
    const rest = line.replace(skipped, "").slice(characters);
    const key = rest.slice(0, width);
    return flags.has("i") ? key.toLowerCase() : key;
  };
}

async function write(self: Process, bytes: Buffer, target: string | undefined): Promise<void> {
  if (target === undefined || target === "-") return self.writeStdout(bytes);
  try {
    self.disk.write(self.resolvePath(target), bytes);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new AppletError(`can't open '${target}': ${error.message}`);
  }
}
