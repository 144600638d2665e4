/** A folder with tests for a real runner, with the package as it was built, and a simulated daemon to record. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type MockDocker, mockDocker } from "../../src/integrations/mock.ts";
import { createDeveloperEnv } from "./developer-env.ts";

const ROOT = join(import.meta.dirname, "../..");
const ASK = `import { get } from "node:http";
export const ask = (path) => new Promise((resolve, reject) => {
  get({ socketPath: "/var/run/docker.sock", path, agent: false }, (response) => {
    response.resume().on("end", () => resolve(response.statusCode));
  }).on("error", reject);
});
`;

export class RunnerProject {
  readonly folder: string = mkdtempSync(join(tmpdir(), "whalesong-runner-"));
  readonly #docker: MockDocker;

  private constructor(docker: MockDocker) {
    this.#docker = docker;
    mkdirSync(join(this.folder, "node_modules"));
    symlinkSync(ROOT, join(this.folder, "node_modules/whalesong"));
    symlinkSync(join(ROOT, "node_modules/vitest"), join(this.folder, "node_modules/vitest"));
    this.write("package.json", '{"type": "module"}');
    this.write("ask.js", ASK);
  }

  static async create(): Promise<RunnerProject> {
    return new RunnerProject(await mockDocker());
  }

  write(file: string, content: string): void {
    writeFileSync(join(this.folder, file), content);
  }

  /** The mock lives in this process: it must go on while the runner runs. */
  start(words: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
    return spawn(process.execPath, words, {
      cwd: this.folder,
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...createDeveloperEnv(), WHALESONG_UPSTREAM: this.#docker.url, NO_COLOR: "1", ...env },
    });
  }

  async run(words: readonly string[], env?: NodeJS.ProcessEnv): Promise<{ status: number; output: string }> {
    const child = this.start(words, env);
    child.stdin?.end();
    const printed = Promise.all([child.stdout, child.stderr].map((stream) => text(stream as NodeJS.ReadableStream)));
    const status = await new Promise<number>((resolve) => child.once("exit", (code) => resolve(code ?? -1)));
    return { status, output: (await printed).join("\n") };
  }

  async remove(): Promise<void> {
    await this.#docker.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
