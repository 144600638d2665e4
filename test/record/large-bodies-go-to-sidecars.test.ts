import { describe, expect, test } from "vitest";
import { createTar } from "../match/create-tar.ts";
import {
  answer,
  encodeChunkedAnswer,
  encodeHead,
  encodeTextChunk,
  encodeTextFrame,
  LAST_CHUNK,
  NO_CONTENT,
  request,
  UPGRADED,
  upgradeRequest,
} from "../playbook/http.ts";
import { waitForQuiet } from "../playbook/quiet.ts";
import { createRecordedScene, createReplayedScene, type Scenario } from "../playbook/scenario.ts";
import { Studio } from "../playbook/studio.ts";
import { Theatre } from "../playbook/theatre.ts";

const KIB = 1024;
const ATTACH = upgradeRequest("POST /v1.41/containers/web/attach?stream=1");
const LOGS = request("GET /v1.41/containers/web/logs?stdout=1");

/** Records, replays, and gives back the studio. */
async function roundTrip(scenario: Scenario): Promise<Studio> {
  const studio = new Studio();
  await scenario(createRecordedScene(studio));
  await studio.finish();
  expect(studio.warnings).toEqual([]);
  expect(studio.store.openDrafts, "drafts left open").toBe(0);
  const theatre = new Theatre(studio.store.text, { sidecars: studio.store.sidecars });
  await scenario(createReplayedScene(theatre));
  await waitForQuiet();
  expect(theatre.report).toMatchObject({ missed: [], unplayed: [], stalled: [], differing: [], problems: [] });
  return studio;
}

/** `{path: run/x-<digest>.bin, size: n` for each sidecar. */
function filesIn({ store }: Studio): string[] {
  return [...store.text.matchAll(/file: \{path: run\/([\w-]+)-[0-9a-f]{8}(\.\w+), size: (\d+)/g)].map(
    ([, label, ending, size]) => `${label}${ending} ${size}`,
  );
}

describe("a response body", () => {
  test.each([
    { what: "of 32 KiB is in the text", size: 32 * KIB, sizes: [32 * KIB], files: [] },
    { what: "beyond that is in a sidecar", size: 32 * KIB + 1, sizes: [32 * KIB, 1], files: ["version.bin 32769"] },
    {
      what: "keeps the sizes of its chunks where they are odd",
      size: 70_000,
      sizes: [60_000, 7, 9_993],
      files: ["version.bin 70000"],
    },
  ])("$what", async ({ sizes, files }) => {
    const studio = await roundTrip(async ({ talk }) => {
      const { asks, answers } = await talk();
      await asks(request("GET /v1.41/version"));
      await answers(
        encodeChunkedAnswer("200 OK"),
        ...sizes.map((size) => encodeTextChunk("v".repeat(size))),
        LAST_CHUNK,
      );
    });
    expect(filesIn(studio)).toEqual(files);
  });

  test("with a length may be of any size", async () => {
    const studio = await roundTrip(async ({ talk }) => {
      const { asks, answers } = await talk();
      await asks(request("GET /v1.41/version"));
      await answers(answer("200 OK", { late: ["Content-Length: 100000"], body: "v".repeat(100_000) }));
    });
    expect(filesIn(studio)).toEqual(["version.bin 100000"]);
  });

  test("that is a tar is always in a sidecar, with a listing", async () => {
    const tar = await createTar([{ name: "etc/hosts", text: "127.0.0.1\n" }]);
    const studio = await roundTrip(async ({ talk }) => {
      const { asks, answers } = await talk();
      await asks(request("GET /v1.41/containers/web/archive?path=/etc/hosts"));
      await answers(
        answer("200 OK", { own: ["Content-Type: application/x-tar"], late: [`Content-Length: ${tar.length}`] }),
        tar,
      );
    });
    expect(filesIn(studio)).toEqual([`archive.tar ${tar.length}`]);
    expect(studio.store.text).toContain("  # -rw-r--r--  10  etc/hosts\n  file: {path: run/archive-");
  });
});

describe("a request body", () => {
  test("that is a tar is in a sidecar, with a listing, and is compared by its entries", async () => {
    const tar = await createTar([{ name: "Dockerfile", text: "FROM scratch\n" }]);
    const studio = await roundTrip(async ({ talk }) => {
      const { asks, answers } = await talk();
      await asks(
        encodeHead("POST /v1.41/build?t=web HTTP/1.1", [
          "Host: x",
          "Content-Type: application/x-tar",
          "Transfer-Encoding: chunked",
        ]),
      );
      await asks(encodeTextChunk(tar.subarray(0, 700)), encodeTextChunk(tar.subarray(700)), LAST_CHUNK);
      await answers(encodeChunkedAnswer("200 OK"), encodeTextChunk('{"stream":"ok"}\r\n'), LAST_CHUNK);
    });
    expect(studio.store.text).toContain(
      "  headers: {Content-Type: application/x-tar}\n  # -rw-r--r--  13  Dockerfile\n  file: {path: run/context-",
    );
  });

  test("with the type of JSON is no tar, even where a tar may be (dockerode)", async () => {
    const studio = await roundTrip(async ({ talk }) => {
      const { asks, answers } = await talk();
      await asks(
        request("POST /v1.41/images/create?fromImage=a", {
          headers: ["Content-Type: application/json"],
          body: '{"fromImage":"a"}',
        }),
      );
      await answers(encodeChunkedAnswer("200 OK"), LAST_CHUNK);
    });
    expect(filesIn(studio)).toEqual([]);
    expect(studio.store.text).toContain('  json-bare: {"fromImage":"a"}\n');
  });
});

describe("a batch of a stream", () => {
  const line = encodeTextFrame("stdout", `${"x".repeat(1015)}\n`);

  test("that grows beyond 32 KiB goes to a sidecar, as it stood on the wire", async () => {
    const studio = await roundTrip(async ({ talk }) => {
      const { asks, answers, daemonEnds } = await talk();
      await asks(ATTACH);
      await answers(UPGRADED, line.repeat(40), encodeTextFrame("stderr", "end\n"));
      await daemonEnds();
    });
    expect(filesIn(studio)).toEqual(["attach.bin 40972"]);
    expect([...studio.store.sidecars.values()][0]?.toString("latin1")).toBe(
      line.repeat(40) + encodeTextFrame("stderr", "end\n"),
    );
  });

  test("up to 32 KiB is in the text", async () => {
    const studio = await roundTrip(async ({ talk }) => {
      const { asks, answers, daemonEnds } = await talk();
      await asks(ATTACH);
      await answers(UPGRADED, line.repeat(32));
      await daemonEnds();
    });
    expect(filesIn(studio)).toEqual([]);
    expect(studio.store.text).toContain("    frames: lines\n");
  });

  test("ends with the client's bytes or a pause, and the next begins in the text again", async () => {
    const studio = await roundTrip(async ({ talk, passes }) => {
      const { asks, answers, daemonEnds } = await talk();
      await asks(ATTACH);
      await answers(UPGRADED, line.repeat(40));
      await asks("more\n");
      await answers(line.repeat(40));
      await passes(100);
      await answers(encodeTextFrame("stdout", "done\n"));
      await daemonEnds();
    });
    expect(filesIn(studio)).toHaveLength(2);
    expect(studio.store.text).toMatch(
      /file: .*\n {2}- stdin: "more\\n"\n {2}- file: .*\n {2}- wait: 100ms\n {2}- stdout: "done\\n"\n/,
    );
  });

  test("of stdin goes to a sidecar as well, and is compared from there", async () => {
    const studio = await roundTrip(async ({ talk }) => {
      const { asks, answers, clientEnds, daemonEnds } = await talk();
      await asks(ATTACH);
      await answers(UPGRADED);
      await asks("i".repeat(50_000));
      await clientEnds();
      await answers(encodeTextFrame("stdout", "50000\n"));
      await daemonEnds();
    });
    expect(filesIn(studio)).toEqual(["attach-stdin.bin 50000"]);
    expect(studio.store.text).toContain("  - stdin: {file: {path: run/attach-stdin-");
  });

  test("of chunked logs is played back with the same frames, though not in the same chunks", async () => {
    const studio = new Studio();
    const { client, daemon } = await studio.line();
    await client.sends(LOGS);
    await daemon.hears(LOGS);
    await daemon.sends(
      encodeChunkedAnswer("200 OK", []),
      ...new Array<string>(40).fill(encodeTextChunk(line)),
      LAST_CHUNK,
    );
    await client.hearsUpTo(LAST_CHUNK);
    await studio.finish();
    expect(filesIn(studio)).toEqual(["logs.bin 40960"]);

    const player = new Theatre(studio.store.text, { sidecars: studio.store.sidecars }).client();
    await player.sends(LOGS);
    await player.hears(encodeChunkedAnswer("200 OK", []));
    const body = await player.hearsUpTo(LAST_CHUNK);
    expect(body.replace(/(?<=^|\r\n)[0-9a-f]+\r\n/g, "").replaceAll("\r\n", "")).toBe(line.repeat(40));
  });
});

test("a stream whose text grows long is spooled, and written in the same order", async () => {
  const studio = await roundTrip(async ({ talk, passes }) => {
    const { asks, answers } = await talk();
    await asks(request("GET /v1.41/events"));
    await answers(encodeChunkedAnswer("200 OK"));
    for (let at = 0; at < 40; at += 1) {
      await passes(10);
      await answers(encodeTextChunk(`{"n":${at},"x":"${"e".repeat(10_000)}"}\n`));
    }
    await answers(LAST_CHUNK);
  });
  expect([...studio.store.text.matchAll(/jsonl: \{"n":(\d+)/g)].map(([, at]) => Number(at))).toEqual([
    ...Array(40).keys(),
  ]);
  expect(studio.store.sidecars.size).toBe(0);
});

test("equal sidecars are one", async () => {
  const studio = await roundTrip(async ({ talk }) => {
    const { asks, answers } = await talk();
    for (const path of ["a", "b"]) {
      await asks(
        request(`PUT /v1.41/containers/${path}/archive?path=/`, {
          headers: ["Content-Type: application/x-tar"],
          body: "no tar",
        }),
      );
      await answers(NO_CONTENT);
    }
  });
  expect(studio.store.sidecars.size).toBe(1);
  expect(studio.store.text).toContain("  # not a tar\n");
});
