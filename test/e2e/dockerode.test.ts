import { readFileSync } from "node:fs";
import { join } from "node:path";
import Docker from "dockerode";
import { beforeAll, expect, test } from "vitest";
import { importBusybox, startPrivateDaemon } from "../../scripts/private-daemon.js";
import { mockDocker } from "../../src/modes/mock-docker.ts";
import { normalizeOutputs } from "./agreement/normalize-output.ts";
import { PROGRAM_ALLOWANCES } from "./agreement/program-allowances.ts";
import { dockerodeProgram } from "./dockerode-program.ts";
import { folderForAll } from "./folder.ts";
import { type Ending, runWhalesong, startWhalesong } from "./whalesong.ts";

const cassette = join(folderForAll(), "program.yaml");
let registry = "";
let recorded: { readonly transcript: readonly string[]; readonly ending: Ending };

beforeAll(async () => {
  const daemon = await startPrivateDaemon();
  registry = daemon.registry;
  try {
    await importBusybox(daemon.url, "busybox:latest");
    recorded = await programThrough("record", cassette, "--upstream", daemon.url);
  } finally {
    await daemon.stop();
  }
});

test("a dockerode program is recorded without a complaint, and without its password", async () => {
  expect(recorded.ending).toMatchObject({ status: 0, stderr: expect.not.stringContaining("incomplete") });
  expect(await runWhalesong("check", cassette)).toMatchObject({ status: 0 });
  const text = readFileSync(cassette, "latin1");
  for (const secret of ["s3cret-tide", Buffer.from("s3cret-tide").toString("base64").slice(0, 12)])
    expect(text).not.toContain(secret);
});

test("it did what it was written for", () => {
  const heard = ["stdout: one\ntwo\n", "stderr: bye\n", "tty: a word\r\ngot a word\r\n", "followed: 1\n2\n3\n"];
  expect(recorded.transcript).toEqual(expect.arrayContaining(heard));
});

test.each([1, 2, 3])("it says the same without a daemon, replay %i", async () => {
  const { transcript, ending } = await programThrough("replay", cassette, "--fail-on-miss");
  expect(transcript).toEqual(recorded.transcript);
  expect(ending).toMatchObject({ status: 0 });
});

test("it is told the same by the simulated daemon, but for ids, times and sizes", async () => {
  const mock = await mockDocker({ engine: "20.10" });
  mock.engine.images.delete(mock.engine.images.find("hello-world").id);
  const transcript = await dockerodeProgram(new Docker({ socketPath: mock.socketPath }), registry);
  await mock.stop();
  expect(facts(transcript)).toEqual(facts(recorded.transcript));
});

function facts(transcript: readonly string[]): string[] {
  const said = transcript.map((line) => ({ line, status: 0, stdout: line, stderr: "" }));
  return normalizeOutputs(said, PROGRAM_ALLOWANCES).map(({ stdout }) => stdout);
}

async function programThrough(...words: string[]): Promise<{ transcript: string[]; ending: Ending }> {
  const whalesong = await startWhalesong(...words);
  const transcript = await dockerodeProgram(new Docker({ socketPath: whalesong.socket }), registry);
  return { transcript, ending: await whalesong.stop() };
}
