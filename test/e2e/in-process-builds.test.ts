/**
 * Builds by BuildKit as dockerode makes them (`version: "2"`, also testcontainers' `withBuildkit()`): the context is the
 * body of `POST /build`, and a session in this process answers for credentials. Recorded and replayed in this process.
 */
import { join } from "node:path";
import Docker from "dockerode";
import { beforeAll, describe, expect, test } from "vitest";
import { tarOf } from "../../scripts/busybox-image.js";
import { useCassette } from "../../src/integrations/use-cassette.ts";
import { type EngineName, isMissing, withDaemon } from "./engines.ts";
import { folderForAll } from "./folder.ts";

const INTERCEPT = ["unix:///nowhere/docker.sock"];
const DOCKERFILE = "FROM busybox\nCOPY fish.txt /\nRUN cat /fish.txt\n";
const FAILING = "FROM busybox\nRUN exit 7\n";

/** Of dockerode 5, and not in its types: the modem's `followProgress`, which reads traces of BuildKit. */
interface DecodesTraces {
  followProgress(
    stream: NodeJS.ReadableStream,
    onFinished: (error: Error | null, output: readonly unknown[]) => void,
  ): void;
}

interface Build {
  readonly name: string;
  readonly dockerfile: string;
  readonly tag: string;
}

const BUILDS: readonly Build[] = [
  { name: "a build", dockerfile: DOCKERFILE, tag: "tide:1" },
  { name: "a build that fails", dockerfile: FAILING, tag: "tide:2" },
];

const engines = (["20.10", "28"] as const).filter((engine) => !isMissing(engine));
const rows = engines.flatMap((engine) => BUILDS.map((build) => ({ engine, build, title: `${engine}, ${build.name}` })));
const folder = folderForAll();
const live = new Map<string, readonly string[]>();

beforeAll(async () => {
  for (const engine of engines) {
    await withDaemon(engine, async ({ url }) => {
      for (const build of BUILDS) {
        const options = { mode: "record", upstream: url, intercept: INTERCEPT } as const;
        live.set(cassetteOf(engine, build), await useCassette(cassetteOf(engine, build), options, () => run(build)));
      }
    });
  }
});

describe.each(rows)("Engine $title", ({ engine, build }) => {
  const replay = (dockerfile = build.dockerfile, fish?: string): Promise<string[]> =>
    useCassette(cassetteOf(engine, build), { mode: "replay", intercept: INTERCEPT }, () =>
      run({ ...build, dockerfile }, fish),
    );

  test.each([1, 2, 3])("is replayed with the same lines, time %i", async () => {
    const lines = await replay();
    expect(lines.length).toBeGreaterThan(1);
    expect(lines).toEqual(live.get(cassetteOf(engine, build)));
  });

  test("is a miss with another file, and with another Dockerfile", async () => {
    await expect(replay(build.dockerfile, "herring\n")).rejects.toThrow(/fish\.txt/);
    await expect(replay(`${build.dockerfile}RUN true\n`)).rejects.toThrow(/Dockerfile/);
  });
});

/** What a program reads in the answer: dockerode's texts of the traces, ids, errors. */
async function run({ dockerfile, tag }: Build, fish = "cod\n"): Promise<string[]> {
  const docker = new Docker({ socketPath: "/nowhere/docker.sock" });
  const context = await tarOf([
    { name: "Dockerfile", content: dockerfile },
    { name: "fish.txt", content: fish },
  ]);
  const stream = await docker.buildImage(context as never, { t: tag, version: "2" });
  const lines = await new Promise<readonly unknown[]>((resolve) => {
    const follow = (docker as unknown as DecodesTraces).followProgress;
    follow(stream, (error, output) => resolve(error === null ? output : [...output, error.message]));
  });
  return lines.map((line) => JSON.stringify(line));
}

function cassetteOf(engine: EngineName, { tag }: Build): string {
  return join(folder, `${engine}-${tag.replace(":", "-")}.yaml`);
}
