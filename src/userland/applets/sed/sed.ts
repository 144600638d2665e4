/** `sed`: edits what passes, or files in place. */
import type { Process, Program } from "../../process/process.ts";
import { Inputs } from "../inputs.ts";
import { type EditorFiles, SedEditor } from "./editor.ts";
import { BadScript, parseScript, type SedCommand } from "./script.ts";

export const sed: Program = async (self) => {
  const { flags, suffix, script, paths } = readInvocation(self.argv);
  const commands = await read(self, script, flags.has("E") || flags.has("r"));
  if (commands === undefined) return 1;
  const isQuiet = flags.has("n");
  if (!flags.has("i")) return rewriteFile(self, paths, commands, isQuiet, (text) => self.writeStdout(text));
  let status = 0;
  for (const path of paths) {
    const pieces: string[] = [];
    const one = await rewriteFile(self, [path], commands, isQuiet, async (text) => void pieces.push(text));
    if (one === 0 && suffix !== "") self.disk.write(self.resolvePath(path + suffix), readFile(self, path));
    if (one === 0) self.disk.write(self.resolvePath(path), Buffer.from(pieces.join("")));
    status ||= one;
  }
  return status;
};

interface Wish {
  readonly flags: ReadonlySet<string>;
  /** Behind the names of the files that are kept as they were; empty if none is. */
  readonly suffix: string;
  readonly script: string;
  readonly paths: readonly string[];
}

/** Scripts of several `-e` are lines of one. */
function readInvocation(argv: readonly string[]): Wish {
  const [flags, scripts, paths]: [Set<string>, string[], string[]] = [new Set(), [], []];
  const words = argv.slice(1);
  let suffix = "";
  while (words.length > 0) {
    const word = words.shift() as string;
    if (!/^-./.test(word)) paths.push(word);
    else if (/^-[nErs]*e$/.test(word)) {
      for (const letter of word.slice(1, -1)) flags.add(letter);
      scripts.push(words.shift() ?? "");
    } else if (word.startsWith("-i")) {
      flags.add("i");
      suffix = word.slice(2);
    } else for (const letter of word.slice(1)) flags.add(letter);
  }
  if (scripts.length === 0) scripts.push(paths.shift() ?? "");
  return { flags, suffix, script: scripts.join("\n"), paths };
}

/** Empty where it is no file. */
function readFile(self: Process, path: string): Buffer {
  const node = self.disk.peek(self.resolvePath(path));
  return node?.kind === "file" ? node.content : Buffer.alloc(0);
}

async function read(self: Process, script: string, isExtended: boolean): Promise<readonly SedCommand[] | undefined> {
  try {
    return parseScript(script, isExtended);
  } catch (error) {
    if (!(error instanceof BadScript)) throw error;
    await self.writeStderr(`sed: ${error.message}\n`);
    return undefined;
  }
}

/** A last line without an end is left without one. */
async function rewriteFile(
  self: Process,
  paths: readonly string[],
  commands: readonly SedCommand[],
  isQuiet: boolean,
  print: (text: string) => Promise<void>,
): Promise<number> {
  const inputs = new Inputs(self, paths, (name, error) => `sed: ${name}: ${error.message}\n`);
  const lines = inputs.readLines();
  let coming = await lines.next();
  let hasEnd = true;
  const desk: EditorFiles = {
    next: async () => {
      if (coming.done === true) return undefined;
      const line = coming.value.toString("utf8");
      coming = await lines.next();
      hasEnd = line.endsWith("\n");
      return hasEnd ? line.slice(0, -1) : line;
    },
    get isLast() {
      return coming.done === true;
    },
    print: (text) => print(hasEnd ? text : text.replace(/\n$/, "")),
    turn: () => self.checkpoint(),
    file: (path) => readFile(self, path).toString("utf8"),
  };
  await new SedEditor(commands, desk, isQuiet).run();
  await lines.return(undefined);
  return Number(inputs.failed);
}
