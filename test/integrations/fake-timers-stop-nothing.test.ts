/** A user's fake timers stand still; a recording, its replay and a simulated daemon go on. */
import { createRequire, syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import Docker from "dockerode";
import { expect, onTestFinished, test, vi } from "vitest";
import { mockDocker } from "../../src/integrations/mock.ts";
import { useCassette } from "../../src/integrations/use-cassette.ts";
import { createTemporaryFolder } from "../io/temporary.ts";
import { packTar } from "../playbook/tarred.ts";

test("fake timers stop neither a recording nor its replay nor a simulated daemon", async () => {
  const folder = createTemporaryFolder();
  const daemon = await mockDocker({ listen: `unix://${join(folder, "d.sock")}` });
  onTestFinished(() => daemon.stop());
  useFakeTimers();
  const cassette = join(folder, "echo.yaml");
  const { url: upstream } = daemon;
  const recorded = await useCassette(cassette, { mode: "record", upstream }, ({ socketPath }) => echo(socketPath));
  const replayed = await useCassette(cassette, { mode: "replay" }, ({ socketPath }) => echo(socketPath));
  expect([await echo(join(folder, "d.sock")), recorded, replayed]).toEqual(["hello\r\n", "hello\r\n", "hello\r\n"]);
});

test("fake timers do not stop the first tar of a process", async () => {
  const { cache } = createRequire(import.meta.url);
  for (const file of Object.keys(cache)) if (/\/(?:streamx|tar-stream)\//.test(file)) delete cache[file];
  vi.resetModules();
  const { readTar } = await import("../../src/wire/archive/tar.ts");
  vi.useFakeTimers({ toFake: ["queueMicrotask"] });
  onTestFinished(() => void vi.useRealTimers());
  const entries = await readTar(Readable.from([packTar({ "a.txt": "a" })]));
  expect(entries.map(({ name }) => name)).toEqual(["a.txt"]);
});

/** As `sinon` does it: the functions of the modules are replaced with those of the global object. */
function useFakeTimers(): void {
  vi.useFakeTimers();
  const load = createRequire(import.meta.url);
  const modules = ["node:timers", "node:timers/promises"].map((name) => load(name) as Record<string, unknown>);
  const originals = modules.map(({ setImmediate, setTimeout }) => ({ setImmediate, setTimeout }));
  const wait = (): Promise<never> => new Promise(() => undefined);
  for (const module of modules) Object.assign(module, { setImmediate: wait, setTimeout: wait });
  syncBuiltinESMExports();
  onTestFinished(() => {
    for (const [at, original] of originals.entries()) Object.assign(modules[at] as object, original);
    syncBuiltinESMExports();
    vi.useRealTimers();
  });
}

/** An exec on a terminal: its connection leaves HTTP. */
async function echo(socketPath: string): Promise<string> {
  const container = await new Docker({ socketPath }).createContainer({ Image: "busybox", Cmd: ["sleep", "9"] });
  await container.start();
  const exec = await container.exec({ Cmd: ["echo", "hello"], AttachStdout: true, Tty: true });
  const output = await text(await exec.start({ hijack: true, stdin: true, Tty: true }));
  await container.remove({ force: true });
  return output;
}
