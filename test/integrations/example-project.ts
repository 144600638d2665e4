/** A folder in which the examples of the comments run, with the package as it was built. */
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { createDeveloperEnv } from "./developer-env.ts";
import { type EntryName, entryNames, type PublicFunction, valuesOf } from "./public-functions.ts";

const ROOT = join(import.meta.dirname, "../..");
const VITEST = join(ROOT, "node_modules/vitest/vitest.mjs");
const LIBRARIES = ["dockerode", "msw", "nock", "vitest"];
/** What an example takes for granted. */
const FILES: Readonly<Record<string, string>> = {
  "fixture.json":
    '[{"scope": "http://localhost:80", "method": "GET", "path": "/_ping", "status": 200, "response": "OK"}]',
  "behaviours.yaml": "- {image: web, does: [stdout: ready]}\n",
  "faults.yaml": "- {on: ContainerStart, answer: {status: 500, message: no}}\n",
  "package.json": '{"type": "module"}',
};
const NODE: Readonly<Record<string, string>> = {
  readFileSync: "node:fs",
  existsSync: "node:fs",
  homedir: "node:os",
  createServer: "node:net",
};
/** jest is not installed here: it is what its `test` and `expect` are to `withCassette`. */
const JEST = [
  'globalThis.expect = { getState: () => ({ testPath: import.meta.filename, currentTestName: "lists" }) };',
  "const bodies = [];",
  "const test = (name, body) => bodies.push(body);",
];

/** Entries whose examples leave a process as it was, so that they share one: to load the package takes longest. */
const SHARED: ReadonlySet<EntryName> = new Set([
  "whalesong",
  "whalesong/core",
  "whalesong/mock",
  "whalesong/intercept",
  "whalesong/vitest-plugin",
]);
const RUN_EXAMPLES = join(import.meta.dirname, "run-examples.mjs");

/** An example, and the function whose comment has it. */
export interface Example {
  readonly owner: PublicFunction;
  readonly code: string;
}

/** What is known of a program after its run: what went wrong, if anything did. */
interface ProgramResult {
  readonly file: string;
  readonly problem?: string;
}

export class ExampleProject {
  // vitest finds no file whose path leads through a link, as that of macOS's temporary folder does.
  readonly #folder: string = mkdtempSync(join(realpathSync(tmpdir()), "whalesong-examples-"));
  readonly #dockerHost: string;

  /** @param dockerHost a daemon to be asked and recorded */
  constructor(dockerHost: string) {
    this.#dockerHost = dockerHost;
    const modules = join(this.#folder, "node_modules");
    mkdirSync(modules);
    symlinkSync(ROOT, join(modules, "whalesong"));
    for (const name of LIBRARIES) symlinkSync(join(ROOT, "node_modules", name), join(modules, name));
  }

  /** Runs each example in a folder of its own. Returns of each what went wrong, undefined for nothing. */
  async run(examples: readonly Example[]): Promise<ReadonlyMap<Example, string | undefined>> {
    const files = new Map(examples.map((example, number) => [this.#write(example, number), example]));
    const programs = [...files].map(([file, { owner }]) => ({ file, entry: owner.entry }));
    const filesOf = (hasEntry: (entry: EntryName) => boolean) =>
      programs.filter(({ entry }) => hasEntry(entry)).map(({ file }) => file);
    const results = await this.#runGroups(
      filesOf((entry) => SHARED.has(entry)),
      filesOf((entry) => entry === "whalesong/vitest"),
      programs.filter(({ entry }) => !SHARED.has(entry) && entry !== "whalesong/vitest"),
    );
    return new Map(results.map(({ file, problem }) => [files.get(file) as Example, problem]));
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #runGroups(
    shared: readonly string[],
    ofVitest: readonly string[],
    alone: readonly { readonly file: string; readonly entry: EntryName }[],
  ): Promise<readonly ProgramResult[]> {
    const results = await Promise.all([
      this.#runShared(shared),
      this.#runVitest(ofVitest),
      ...alone.map(({ file, entry }) => this.#runAlone(file, entry)),
    ]);
    return results.flat();
  }

  async #runShared(files: readonly string[]): Promise<readonly ProgramResult[]> {
    const results: ProgramResult[] = [];
    const child = this.#start([RUN_EXAMPLES, ...files], this.#folder);
    child.on("message", (result) => results.push(result as ProgramResult));
    const problem = await waitForEnd(child);
    const ended = new Set(results.map(({ file }) => file));
    return [
      ...results,
      ...files.filter((file) => !ended.has(file)).map((file) => ({ file, problem: problem ?? "it did not run" })),
    ];
  }

  async #runVitest(files: readonly string[]): Promise<readonly ProgramResult[]> {
    const words = [VITEST, "run", "--root", this.#folder, "--no-isolate", "--maxWorkers=1", ...files];
    const problem = await waitForEnd(this.#start(words, this.#folder));
    return files.map((file) => (problem === undefined ? { file } : { file, problem }));
  }

  async #runAlone(file: string, entry: EntryName): Promise<readonly ProgramResult[]> {
    const words = entry === "whalesong/node-test" ? ["--test", file] : [file];
    const problem = await waitForEnd(this.#start(words, dirname(file)));
    return [problem === undefined ? { file } : { file, problem }];
  }

  #write({ owner, code }: Example, number: number): string {
    const folder = join(this.#folder, `${number}`);
    mkdirSync(folder);
    cpSync(join(ROOT, "cassettes/ping.yaml"), join(folder, "web.yaml"));
    for (const [name, content] of Object.entries(FILES)) writeFileSync(join(folder, name), content);
    const file = join(folder, "example.test.js");
    writeFileSync(file, programOf(owner, code));
    return file;
  }

  /** As on a developer's machine with a daemon: what has no cassette is recorded. */
  #start(words: readonly string[], cwd: string): ChildProcess {
    const { NODE_OPTIONS: _, ...rest } = createDeveloperEnv();
    const env = { ...rest, DOCKER_HOST: this.#dockerHost, WHALESONG_UPSTREAM: this.#dockerHost };
    return spawn(process.execPath, words, { cwd, env, stdio: ["ignore", "pipe", "pipe", "ipc"] });
  }
}

/** What a process printed, if it failed. */
async function waitForEnd(child: ChildProcess): Promise<string | undefined> {
  const printed = Promise.all([child.stdout, child.stderr].map((stream) => text(stream as NodeJS.ReadableStream)));
  const status = await new Promise((resolve) => child.once("exit", resolve));
  return status === 0 ? undefined : (await printed).join("\n");
}

/** The example, with the imports that it leaves out. */
function programOf({ entry, name }: PublicFunction, example: string): string {
  const from = new Map<string, string>(Object.entries(NODE));
  for (const each of [...entryNames()].reverse()) for (const value of valuesOf(each)) from.set(value, each);
  for (const value of valuesOf(entry)) from.set(value, entry);
  const code = example.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  const isLacking = (word: string): boolean =>
    !new RegExp(`(?:import [^;]*|(?:const|let) [^=]*)\\b${word}\\b`).test(code);
  const words = new Set(code.match(/(?<![.\w])[a-zA-Z]\w*(?!\w|:)/g));
  const imports = [...words].filter((word) => from.has(word) && isLacking(word) && !(word === "test" && name !== word));
  return [
    ...(words.has("Docker") ? ['import Docker from "dockerode";'] : []),
    ...imports.map((word) => `import { ${word} } from "${from.get(word)}";`),
    ...(entry === "whalesong/jest" ? JEST : []),
    example,
    ...(entry === "whalesong/jest" ? ["for (const body of bodies) await body();"] : []),
  ].join("\n");
}
