/** `record --contexts digests`, and what `check` says of a cassette that lacks files. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { connect } from "../../src/io/upstream/connect.ts";
import { parseUpstream } from "../../src/io/upstream/docker-host.ts";
import { replayCassettes } from "../../src/modes/replay.ts";
import type { Connection } from "../../src/session/connection.ts";
import { createTemporaryFolder } from "../io/temporary.ts";
import { BuildClient, type BuildRequest } from "../replay/build/build-client.ts";
import { PLAIN, withContext } from "../replay/build/recorded-builds.ts";
import { runInProcess, startInProcess } from "./run-in-process.ts";

/** `app.txt` with another content of the same size. */
const CHANGED = withContext(PLAIN, (files) =>
  files.map((file) => (file.path === "app.txt" ? { ...file, content: "APP\n" } : file)),
);

async function build(socket: string, request: BuildRequest): Promise<string> {
  const client = new BuildClient(async (far) => {
    const near = await connect(parseUpstream(`unix://${socket}`));
    await Promise.all([pump(far, near), pump(near, far)]);
  });
  const control = await client.connect();
  const { solve } = await client.build(control, request);
  control.destroy();
  for (const connection of client.connections) connection.reset();
  return solve.message;
}

async function pump(from: Connection, to: Connection): Promise<void> {
  for (let bytes = await from.read(); bytes !== undefined; bytes = await from.read()) await to.write(bytes);
  to.end();
}

async function record(...flags: readonly string[]): Promise<string> {
  const cassette = join(createTemporaryFolder(), "build.yaml");
  const recorder = await startInProcess("record", cassette, "--upstream", "mock", ...flags);
  expect(await build(recorder.socket, PLAIN)).toBe("");
  expect(await recorder.stop()).toMatchObject({ status: 0 });
  return cassette;
}

function listTars(cassette: string): readonly string[] {
  return readdirSync(dirname(cassette), { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".tar"));
}

test("files are kept as a tar by default, and `check` says nothing of them", async () => {
  const cassette = await record();
  expect(listTars(cassette).length).toBeGreaterThan(1);
  const { stderr } = await runInProcess("check", cassette);
  expect(stderr).toMatch(/^good .*sidecars\n$/);
});

test("with `--contexts digests` no file is kept, `check` names them, and their content is compared", async () => {
  const cassette = await record("--contexts", "digests");
  expect(listTars(cassette)).toEqual([]);
  expect(readFileSync(cassette, "utf8")).toMatch(/- \{path: app\.txt, mode: 644, size: 4, sha256: /);
  const { status, stderr } = await runInProcess("check", cassette);
  expect(status).toBe(0);
  expect(stderr).toMatch(/build\.yaml:\d+ {2}only digests of these files of dockerfile: Dockerfile\n/);
  expect(stderr).toMatch(/only digests of these files of context(?:-2)?: app\.txt, src\/f1, src\/f2\n/);
  for (const [request, message] of [
    [PLAIN, /^$/],
    [CHANGED, /app\.txt differs in its content/],
  ] as const) {
    const replay = await replayCassettes({ cassettes: [cassette] });
    expect(await build(replay.url.slice("unix://".length), request)).toMatch(message);
    await replay.stop();
  }
});
