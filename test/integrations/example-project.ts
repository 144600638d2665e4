/** A folder in which the examples of the comments run, with the package as it was built. */
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type EntryName, entryNames, type PublicFunction, valuesOf } from "./public-functions.ts";

const ROOT = join(import.meta.dirname, "../..");
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

export class ExampleProject {
  readonly #folder: string = mkdtempSync(join(tmpdir(), "whalesong-examples-"));
  readonly #dockerHost: string;
  #count = 0;

  /** @param dockerHost a daemon to be asked and recorded */
  constructor(dockerHost: string) {
    this.#dockerHost = dockerHost;
    const modules = join(this.#folder, "node_modules");
    mkdirSync(modules);
    symlinkSync(ROOT, join(modules, "whalesong"));
    for (const name of LIBRARIES) symlinkSync(join(ROOT, "node_modules", name), join(modules, name));
  }

  /** Runs an example in a folder of its own. Returns what it printed, if it failed. */
  async run(owner: PublicFunction, example: string): Promise<string | undefined> {
    const folder = join(this.#folder, `${this.#count++}`);
    mkdirSync(folder);
    cpSync(join(ROOT, "cassettes/ping.yaml"), join(folder, "web.yaml"));
    for (const [name, content] of Object.entries(FILES)) writeFileSync(join(folder, name), content);
    writeFileSync(join(folder, "example.test.js"), programOf(owner, example));
    const child = spawn(process.execPath, [...runnerOf(owner.entry), "example.test.js"], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
      env: this.#environment(),
    });
    const printed = Promise.all([text(child.stdout), text(child.stderr)]);
    const status = await new Promise((resolve) => child.once("exit", resolve));
    return status === 0 ? undefined : (await printed).join("\n");
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** As on a developer's machine with a daemon: what has no cassette is recorded. */
  #environment(): NodeJS.ProcessEnv {
    const { CI: _, WHALESONG_MODE: __, VITEST: ___, NODE_OPTIONS: ____, ...env } = process.env;
    return { ...env, DOCKER_HOST: this.#dockerHost, WHALESONG_UPSTREAM: this.#dockerHost };
  }
}

function runnerOf(entry: EntryName): readonly string[] {
  if (entry === "whalesong/vitest") return [join(ROOT, "node_modules/vitest/vitest.mjs"), "run"];
  return entry === "whalesong/node-test" ? ["--test"] : [];
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
