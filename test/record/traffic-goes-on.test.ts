import { describe, expect, test } from "vitest";
import { forward } from "../../src/record/forward.ts";
import { noStore } from "../../src/record/no-store.ts";
import { Recording } from "../../src/record/recording.ts";
import { relay } from "../../src/record/relay.ts";
import type { RecordingStore } from "../../src/record/store.ts";
import { createDaemon } from "../../src/session/daemon.ts";
import { connectionPair } from "../../src/session/pair.ts";
import {
  encodeChunkedAnswer,
  encodeHead,
  encodeJsonAnswer,
  encodeTextChunk,
  LAST_CHUNK,
  request,
  UPGRADED,
  upgradeRequest,
} from "../playbook/http.ts";
import { MemoryStore } from "../playbook/memory-store.ts";
import { Peer } from "../playbook/peer.ts";
import { Studio } from "../playbook/studio.ts";
import { TestClock } from "../playbook/test-clock.ts";

const VERSION = request("GET /v1.41/version");
const BIG = "v".repeat(40_000);

/** A store in which one thing fails, from the first time on. */
function failing(method: keyof RecordingStore): RecordingStore {
  const store = new MemoryStore();
  const fail = (): never => {
    throw new Error(`no ${method}`);
  };
  return new Proxy(store, {
    get: (target, name) =>
      name === method ? fail : (Reflect.get(target, name)?.bind?.(target) ?? Reflect.get(target, name)),
  });
}

describe("a store that fails is reported once, and the traffic goes on", () => {
  test.each(["begin", "append", "hold", "flush", "sidecar", "finish"] as const)("%s", async (method) => {
    const studio = new Studio({ store: failing(method) });
    for (let round = 0; round < 2; round += 1) {
      const { client, daemon } = await studio.line();
      await client.sends(VERSION);
      await daemon.hears(VERSION);
      await daemon.sends(encodeJsonAnswer("200 OK", BIG));
      await client.hears(encodeJsonAnswer("200 OK", BIG));
      await client.sends(VERSION);
      await daemon.hears(VERSION);
      await daemon.sends(encodeJsonAnswer("200 OK", "{}\n"));
      await client.hears(encodeJsonAnswer("200 OK", "{}\n"));
    }
    const report = await studio.finish();
    expect(studio.warnings.map(String)).toEqual([`Error: no ${method}`]);
    expect(String(report.problem)).toBe(`Error: no ${method}`);
  });
});

describe("what cannot be read ends the recording of its connection, not the connection", () => {
  const ANSWER = encodeJsonAnswer("200 OK", "{}\n");
  const LOG = request("GET /v1.41/containers/web/logs");
  test.each([
    { what: "a client that speaks no HTTP", fromClient: "\x16\x03\x01\x02\x00\r\n\r\n", fromDaemon: "who knows\r\n" },
    { what: "a daemon that speaks no HTTP", fromClient: VERSION, fromDaemon: "SSH-2.0-OpenSSH\r\n\r\n" },
    { what: "a response to no request", fromClient: "", fromDaemon: ANSWER },
    { what: "a bad chunk", fromClient: LOG, fromDaemon: `${encodeChunkedAnswer("200 OK")}zz\r\n` },
    {
      what: "two lengths",
      fromClient: VERSION,
      fromDaemon: encodeHead("HTTP/1.1 200 OK", ["Content-Length: 1", "Content-Length: 2"]),
    },
    {
      what: "a bad websocket frame",
      fromClient: request("GET /containers/web/attach/ws", { headers: ["Upgrade: websocket"] }),
      fromDaemon: `${encodeHead("HTTP/1.1 101 Switching", [])}\xff\xff`,
    },
  ])("$what", async ({ fromClient, fromDaemon }) => {
    const studio = new Studio();
    const { client, daemon } = await studio.line();
    await client.sends(fromClient);
    await daemon.hears(fromClient);
    await daemon.sends(fromDaemon);
    await client.hears(fromDaemon);
    await client.sends("more from the client");
    await daemon.hears("more from the client");
    await daemon.sends("more from the daemon");
    await client.hears("more from the daemon");

    const other = await studio.line();
    await other.client.sends(VERSION);
    await other.daemon.hears(VERSION);
    await other.daemon.sends(ANSWER);
    await other.client.hears(ANSWER);
    expect(await studio.exchanges()).toContain("request: GET /v1.41/version\n");
    expect(studio.warnings).toHaveLength(1);
  });

  test("the report counts what is dropped", async () => {
    const studio = new Studio();
    const { client, daemon } = await studio.line();
    await client.sends(VERSION);
    await daemon.hears(VERSION);
    await daemon.sends("nonsense\r\n\r\n");
    expect(await studio.finish()).toMatchObject({
      exchanges: 0,
      dropped: 1,
      bytes: { sent: VERSION.length, received: 12 },
    });
  });
});

test("a chunk that begins as frames and goes on as something else is kept whole", async () => {
  const studio = new Studio();
  const { client, daemon } = await studio.line();
  const odd = encodeTextChunk("\x01\0\0\0\0\0\0\x02ok\x09garbage");
  await client.sends(request("GET /containers/web/logs"));
  await daemon.hearsUpTo("\r\n\r\n");
  await daemon.sends(encodeChunkedAnswer("200 OK"), odd.slice(0, 14));
  await client.hears(encodeChunkedAnswer("200 OK"), odd.slice(0, 14));
  await daemon.sends(odd.slice(14), LAST_CHUNK);
  await client.hears(odd.slice(14), LAST_CHUNK);
  expect(await studio.exchanges()).toContain('- text: "\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x02ok\\tgarbage"\n');
});

describe.each([
  { what: "a relay", mode: relay },
  {
    what: "a forwarder",
    mode: (connect: Parameters<typeof forward>[0], recording: Recording) => createDaemon(forward(connect, recording)),
  },
])("$what that cannot reach the daemon", ({ mode }) => {
  test("answers as a daemon does, and counts it", async () => {
    const recording = new Recording({
      store: noStore,
      clock: new TestClock(),
      recorded: { at: "", by: "" },
      warn: () => undefined,
    });
    const [near, far] = connectionPair();
    const client = new Peer(near);
    void mode(() => Promise.reject(new Error("connect ENOENT")), recording)(far);
    await client.sends(VERSION);
    const response = await client.hearsAll();
    expect(response).toMatch(/^HTTP\/1\.1 502 Bad Gateway\r\n/);
    expect(response).toContain('{"message":"whalesong: connect ENOENT"}');
    expect(await recording.finish()).toMatchObject({
      ...{ exchanges: 0, dropped: 1 },
      unreachable: { requests: 1, because: "connect ENOENT" },
    });
  });
});

describe("a recording that is stopped in the middle", () => {
  async function stoppedAfter(
    fromClient: Buffer,
    ...fromDaemon: readonly string[]
  ): Promise<{ studio: Studio; text: string }> {
    const studio = new Studio();
    const { client, daemon } = await studio.line();
    await client.sends(fromClient);
    await daemon.hears(fromClient);
    await daemon.sends(...fromDaemon);
    await client.hears(...fromDaemon);
    const text = await studio.exchanges();
    await daemon.sends("after the end");
    await client.hears("after the end");
    return { studio, text };
  }

  test.each([
    {
      what: "a hijack",
      fromClient: upgradeRequest("POST /containers/web/attach"),
      fromDaemon: [UPGRADED, "$ "],
      end: '  - tty: "$ "\n  - cut\n',
    },
    {
      what: "events",
      fromClient: request("GET /events"),
      fromDaemon: [encodeChunkedAnswer("200 OK"), encodeTextChunk("1\n")],
      end: "  - jsonl: 1\n  - cut\n",
    },
    {
      what: "a wait without its head",
      fromClient: request("POST /v1.29/containers/web/wait"),
      fromDaemon: [],
      end: "response: none\nstream:\n  - cut\n",
    },
    {
      what: "a body by half",
      fromClient: VERSION,
      fromDaemon: [encodeJsonAnswer("200 OK", "{}\n").slice(0, -1)],
      end: 'framing: length\nstream:\n  - text: "{}"\n  - cut\n',
    },
    {
      what: "a head whose body has not begun",
      fromClient: VERSION,
      fromDaemon: [encodeJsonAnswer("200 OK", "{}\n").slice(0, -3)],
      end: "framing: length\nstream:\n  - cut\n",
    },
    {
      what: "a tar by half",
      fromClient: request("GET /containers/web/export"),
      fromDaemon: [
        encodeChunkedAnswer("200 OK", ["Content-Type: application/octet-stream"]),
        encodeTextChunk("bin/sh"),
        "200\r\nhalf",
      ],
      end: "  - file: {path: run/export-542a0193.tar, size: 10, sha256: 542a0193bf4daf69e94512988b49f3aeb930528009b3a6750a8e40716c211fbc}\n  - cut\n",
    },
    {
      what: "secrets by half, and blanks them",
      fromClient: request("GET /swarm/unlockkey"),
      fromDaemon: [encodeJsonAnswer("200 OK", '{"UnlockKey":"SWMKEY-1-secret"}\n').slice(0, -5)],
      end: 'stream:\n  - text: "<redacted>"\n  - cut\n',
    },
  ])("marks $what as cut", async ({ fromClient, fromDaemon, end }) => {
    const { text, studio } = await stoppedAfter(fromClient, ...fromDaemon);
    expect(text.slice(-end.length)).toBe(end);
    expect(studio.store.openDrafts).toBe(0);
    expect(studio.warnings).toEqual([]);
  });

  test("drops a request without its response", async () => {
    const { studio, text } = await stoppedAfter(VERSION);
    expect(studio.store.documents).toEqual([]);
    expect(text).not.toContain("request");
    expect(studio.store.openDrafts).toBe(0);
  });

  test("counts both", async () => {
    const studio = new Studio();
    for (const fromClient of [VERSION, request("GET /events"), upgradeRequest("POST /containers/web/attach")]) {
      const { client, daemon } = await studio.line();
      await client.sends(fromClient);
      await daemon.hears(fromClient);
    }
    expect(await studio.finish()).toMatchObject({ exchanges: 2, truncated: 2, dropped: 1 });
  });
});
