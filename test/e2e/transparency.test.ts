import { existsSync } from "node:fs";
import { join } from "node:path";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { importBusybox, startPrivateDaemon } from "../../scripts/private-daemon.js";
import { folderForAll } from "./folder.ts";
import { dial, head } from "./line.ts";
import { runWhalesong, startWhalesong, type Whalesong } from "./whalesong.ts";
import { CORNERS, type Corner } from "./wire-corners.ts";

const ROUNDS = 60;
const folder = folderForAll();
const cassette = join(folder, "corners.yaml");
let daemon: Awaited<ReturnType<typeof startPrivateDaemon>>;
let recorder: Whalesong;

beforeAll(async () => {
  daemon = await startPrivateDaemon();
  await importBusybox(daemon.url, "busybox:latest");
  recorder = await startWhalesong("record", cassette, "--upstream", daemon.url);
});

afterAll(async () => {
  await recorder.stop();
  await daemon.stop();
});

describe("a recorder cannot be told from the daemon behind it", () => {
  test.each(CORNERS)("$says", async (corner) => {
    const direct = await played(corner, daemon.url);
    expect(direct).not.toBe("");
    expect(await played(corner, recorder.url)).toEqual(direct);
  });

  test("heads come within 5 ms of when they would have come", async () => {
    const [direct, recorded] = [await dial(socketOf(daemon.url)), await dial(recorder.socket)];
    const times: [number[], number[]] = [[], []];
    for (let round = 1; round <= ROUNDS; round++) {
      for (const [which, line] of [direct, recorded].entries()) {
        const begin = performance.now();
        line.say(head(`GET /v1.41/containers/nobody${round}/json`));
        await line.hears(`nobody${round}"}`);
        times[which as 0 | 1].push(performance.now() - begin);
      }
    }
    for (const line of [direct, recorded]) line.leave();
    expect(lowerQuartile(times[1]) - lowerQuartile(times[0])).toBeLessThan(5);
  });
});

test("what was recorded on the way is a good cassette", async () => {
  expect(await recorder.stop()).toMatchObject({ status: 0, stderr: expect.not.stringContaining("incomplete") });
  expect(await runWhalesong("check", cassette)).toMatchObject({ status: 0 });
});

test("what is not HTTP is answered by the daemon itself, and the recording says that it cannot tell it", async () => {
  const other = await startWhalesong("record", join(folder, "noise.yaml"), "--upstream", daemon.url);
  const [direct, recorded] = await Promise.all(
    [daemon.url, other.url].map((url) => answerTo("whale song\r\n\r\n", url)),
  );
  expect(direct).toContain("400 Bad Request");
  expect(recorded).toEqual(direct);
  expect(await other.stop()).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("got the line `whale song`, expected"),
  });
  expect(existsSync(join(folder, "noise.yaml"))).toBe(false);
});

async function answerTo(said: string, url: string): Promise<string> {
  const line = await dial(socketOf(url));
  line.say(said);
  const ending = await line.ending;
  line.leave();
  return `${line.heard.toString("latin1")} (${ending})`;
}

async function played({ container, play }: Corner, url: string): Promise<string> {
  const name = "corner";
  if (container === undefined) return plain(await play(socketOf(url), name));
  const created = await new Docker({ socketPath: socketOf(daemon.url) }).createContainer({
    name,
    Image: "busybox",
    ...container,
  });
  try {
    return plain(await play(socketOf(url), name));
  } finally {
    await created.remove({ force: true });
  }
}

/** Without what is different each time. */
function plain(heard: string): string {
  return heard
    .replace(/^Date: .*\r\n/gm, "")
    .replace(/"CreatedAt":"[^"]*"/g, '"CreatedAt":""')
    .replace(/[0-9a-f]{64}/g, "an id");
}

/** What other processes of a busy machine add is in the times above it. */
function lowerQuartile(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 4)] ?? Number.NaN;
}

function socketOf(url: string): string {
  return url.replace("unix://", "");
}
