/** `sed`: edits what passes, or files in place. */
import { FileError } from "../../files/file-error.ts";
import type { Process, Program } from "../../process/process.ts";
import { AppletError, expectWords } from "../applet-errors.ts";
import { Inputs } from "../inputs.ts";
import { readOptions } from "../read-options.ts";
import { type EditorFiles, SedEditor } from "./editor.ts";
import { BadScript, listOutputs, parseScript, type SedCommand } from "./script.ts";

const DEVICES = /^\/dev\/std(?:out|err)$/;

export const sed: Program = async (self) => {
  const { flags, suffix, script, paths } = readInvocation(self);
  const commands = await read(self, script, flags.has("E") || flags.has("r"));
  if (commands === undefined) return 1;
  createOutputs(self, listOutputs(commands));
  const isQuiet = flags.has("n") || /^#n(?:\n|$)/.test(script);
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

/** They are there, and empty, before a line is read. @throws AppletError */
function createOutputs(self: Process, paths: readonly string[]): void {
  for (const path of paths) {
    if (DEVICES.test(path)) continue;
    try {
      self.disk.write(self.resolvePath(path), Buffer.alloc(0));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      throw new AppletError(`can't open '${path}': ${error.message}`);
    }
  }
}

interface Wish {
  readonly flags: ReadonlySet<string>;
  /** Behind the names of the files that are kept as they were; empty if none is. */
  readonly suffix: string;
  readonly script: string;
  readonly paths: readonly string[];
}

const LONG = {
  "in-place": "i",
  "regexp-extended": "r",
  quiet: "n",
  silent: "n",
  expression: "e",
  file: "f",
};

/** Scripts of several `-e` and `-f` are lines of one. */
function readInvocation(self: Process): Wish {
  const { flags, all, words } = readOptions(self.argv, "i::rEne:f:", { long: LONG });
  const scripts = all.flatMap(([letter, value]) =>
    letter === "e" ? [value] : letter === "f" ? [readScript(self, value)] : [],
  );
  if (scripts.length === 0) expectWords(words, 1);
  const paths = scripts.length === 0 ? words.slice(1) : words;
  const script = (scripts.length === 0 ? words.slice(0, 1) : scripts).join("\n");
  return { flags: new Set(flags.keys()), suffix: flags.get("i") ?? "", script, paths };
}

/** @throws AppletError where there is no such file */
function readScript(self: Process, path: string): string {
  if (self.disk.peek(self.resolvePath(path)) === undefined) throw new AppletError(`${path}: No such file or directory`);
  return readFile(self, path).toString("utf8").replace(/\n$/, "");
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
    write: async (path, text) => {
      if (path === "/dev/stdout") await print(text);
      else if (path === "/dev/stderr") await self.writeStderr(text);
      else self.disk.write(self.resolvePath(path), Buffer.from(text), { appends: true });
    },
    file: (path) => readFile(self, path).toString("utf8"),
  };
  await new SedEditor(commands, desk, isQuiet).run();
  await lines.return(undefined);
  return Number(inputs.failed);
}
