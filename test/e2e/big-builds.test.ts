/** Builds by BuildKit with a context of 500 MB in 5,000 files, and with an output of 1 GiB: memory does not grow. */
import { randomFillSync } from "node:crypto";
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { type PrintedBuild, runBuild } from "./builds/run-build.ts";
import { isMissing, withDaemon } from "./engines.ts";
import { folderForAll } from "./folder.ts";
import { digestOfFile, type Transfer } from "./transfer.ts";
import { type Ending, startWhalesong } from "./whalesong.ts";

/** In MB; measured: 78 for a small build, up to 160 for these. */
const MOST_MEMORY = 200;
const FILES = 5000;
const FILE_SIZE = 100_000;
const LARGE = "docker build -t large:1 large";
const EXPORT = "docker build --output type=local,dest=out export";

interface Played {
  readonly build: PrintedBuild;
  readonly ending: Ending;
}

const folder = folderForAll();
const stage = { folder: join(folder, "desk"), client: "CLI 28.5" } as const;
const recorded = new Map<string, Played>();
let exported: Transfer;

beforeAll(async () => {
  layOutFiles();
  await withDaemon("28", async ({ url }) => {
    for (const line of [LARGE, EXPORT]) {
      recorded.set(line, await play(line, "record", cassetteOf(line), "--upstream", url));
    }
    exported = await digestOfFile(join(stage.folder, "out/big"));
  });
}, 600_000);

describe.skipIf(isMissing("28"))(`in less than ${MOST_MEMORY} MB`, () => {
  test.each([LARGE, EXPORT])("`%s` is recorded", (line) => {
    expectSuccess(recorded.get(line) as Played);
  });

  test("the context is compared, file by file, and the build replayed", async () => {
    expectSuccess(await play(LARGE, "replay", cassetteOf(LARGE), "--fail-on-miss"));
  });

  test("a byte more in one of the files is named", async () => {
    appendFileSync(join(stage.folder, "large/tree/7/4007.bin"), "x");
    const { build } = await play(LARGE, "replay", cassetteOf(LARGE));
    expect({ status: build.status }, build.printed).toEqual({ status: 1 });
    expect(build.printed).toContain("tree/7/4007.bin differs");
  });

  test("the output is replayed byte for byte", async () => {
    rmSync(join(stage.folder, "out"), { recursive: true });
    expectSuccess(await play(EXPORT, "replay", cassetteOf(EXPORT), "--fail-on-miss"));
    expect(await digestOfFile(join(stage.folder, "out/big"))).toEqual(exported);
    expect(exported.size).toBe(1024 ** 3);
  });
});

async function play(line: string, ...words: readonly string[]): Promise<Played> {
  const whalesong = await startWhalesong(...words);
  const build = await runBuild(line, stage, whalesong.url, [], 300_000);
  return { build, ending: await whalesong.stop() };
}

function expectSuccess({ build, ending }: Played): void {
  expect({ build: build.status, whalesong: ending.status }, build.printed + ending.stderr).toEqual({
    build: 0,
    whalesong: 0,
  });
  expect(ending.peakMemory).toBeLessThan(MOST_MEMORY);
}

function layOutFiles(): void {
  const write = (path: string, content: string | Buffer): void => {
    mkdirSync(dirname(join(stage.folder, path)), { recursive: true });
    writeFileSync(join(stage.folder, path), content);
  };
  write("large/Dockerfile", "FROM scratch\nCOPY tree /tree\n");
  write(
    "export/Dockerfile",
    "FROM busybox AS made\nRUN dd if=/dev/urandom of=/big bs=1M count=1024\nFROM scratch\nCOPY --from=made /big /\n",
  );
  const bytes = Buffer.alloc(FILE_SIZE);
  for (let at = 0; at < FILES; at += 1) write(`large/tree/${at % 50}/${at}.bin`, randomFillSync(bytes));
}

function cassetteOf(line: string): string {
  return join(folder, line === LARGE ? "large.yaml" : "export.yaml");
}
