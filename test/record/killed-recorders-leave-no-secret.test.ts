/** Whatever is on the disk while a recording is under way is what a kill -9 leaves there: no known secret is in it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { createDiskStore } from "../../src/io/disk/disk-store.ts";
import type { RecordingStore } from "../../src/record/store.ts";
import { createTemporaryFolder } from "../io/temporary.ts";
import { findCanary } from "../playbook/find-canary.ts";
import { encodeChunkedAnswer, encodeHead, encodeJsonAnswer, encodeJsonRequest, request } from "../playbook/http.ts";
import type { Peer } from "../playbook/peer.ts";
import { waitForQuiet } from "../playbook/quiet.ts";
import { Studio } from "../playbook/studio.ts";

const SECRET = "Canary-7f3a91c2e5";
const PAD = "x".repeat(60_000);
const OK = encodeJsonAnswer("200 OK", "{}\n");
const UPGRADED = encodeHead("HTTP/1.1 101 UPGRADED", [
  "Content-Type: application/vnd.docker.raw-stream",
  "Connection: Upgrade",
  "Upgrade: tcp",
]);

interface Line {
  readonly client: Peer;
  readonly daemon: Peer;
}

interface Row {
  readonly what: string;
  /** Goes on until the recorder is killed: nothing ends. */
  play(line: Line): Promise<void>;
}

const stores: RecordingStore[] = [];
afterEach(() => {
  for (const store of stores.splice(0)) store.release();
});

async function exchange({ client, daemon }: Line, question: Buffer, answer: string): Promise<void> {
  await client.sends(question);
  await daemon.hears(question);
  await daemon.sends(answer);
  await client.hears(answer);
}

function tellSecret(line: Line): Promise<void> {
  return exchange(line, encodeJsonRequest("POST /v1.41/containers/create", { Env: [`DB_PASSWORD=${SECRET}`] }), OK);
}

function frame(text: string): Buffer {
  const head = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]);
  head.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([head, Buffer.from(text)]);
}

function chunk(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")]);
}

async function answerInPieces(line: Line, target: string, head: string, pieces: readonly Buffer[]): Promise<void> {
  await line.client.sends(request(target));
  await line.daemon.hears(request(target));
  await line.daemon.sends(head);
  for (const piece of pieces) await line.daemon.sends(piece);
  await waitForQuiet();
}

const LOGS = encodeChunkedAnswer("200 OK").replace("application/json", "application/vnd.docker.raw-stream");
const PARTS = [SECRET.slice(0, 7), SECRET.slice(7)] as const;

const ROWS: readonly Row[] = [
  {
    what: "logs that have filled a sidecar",
    play: (line) =>
      answerInPieces(line, "GET /v1.41/containers/web/logs?follow=1", LOGS, [
        ...[PAD, `a ${SECRET}\n`, PAD, PAD, PAD].map((text) => chunk(frame(text))),
      ]),
  },
  {
    what: "logs that split it over frames",
    play: (line) =>
      answerInPieces(line, "GET /v1.41/containers/web/logs?follow=1", LOGS, [
        ...[PAD, PARTS[0], `${PARTS[1]}\n`, PAD, PAD, PAD].map((text) => chunk(frame(text))),
      ]),
  },
  {
    what: "a long list that has not ended",
    play: (line) =>
      answerInPieces(
        line,
        "GET /v1.41/containers/json",
        encodeHead("HTTP/1.1 200 OK", ["Content-Type: application/json", "Content-Length: 9000000"]),
        [
          Buffer.from("["),
          ...Array.from({ length: 100 }, () =>
            Buffer.from(`{"Env":["A_TOKEN=other-${SECRET}"],"Name":"${SECRET}","Pad":"${PAD}"},`),
          ),
        ],
      ),
  },
  {
    what: "long bytes that are no JSON",
    play: (line) =>
      answerInPieces(line, "GET /v1.41/debug", encodeHead("HTTP/1.1 200 OK", ["Content-Length: 9000000"]), [
        ...[PAD, PARTS[0], PARTS[1], PAD, PAD, PAD].map((text) => Buffer.from(text)),
      ]),
  },
  {
    what: "a long upload that is no tar",
    play: async ({ client }) => {
      await client.sends(encodeHead("POST /v1.41/images/x/push HTTP/1.1", ["Host: docker", "Content-Length: 9000000"]));
      for (const piece of [PAD, PARTS[0], PARTS[1], PAD, PAD, PAD]) await client.sends(piece);
    },
  },
  {
    what: "a terminal into which a password was typed",
    play: async ({ client, daemon }) => {
      const head = request("POST /v1.41/exec/a/start", {
        headers: ["Connection: Upgrade", "Upgrade: tcp", "Content-Type: application/json"],
        body: '{"Tty":true}',
      });
      await client.sends(head);
      await daemon.hears(head);
      await daemon.sends(`${UPGRADED}Password: `);
      for (const letter of "typed-0b1d2f3c\r") await client.sends(letter);
      await daemon.sends(`\r\n${PAD}${PAD}${PAD}${PAD}${PAD}`);
      for (const letter of `${SECRET}\r`) await client.sends(letter);
    },
  },
];

test.each(ROWS)("of $what", async ({ play }) => {
  const folder = createTemporaryFolder();
  const store = createDiskStore(join(folder, "web.yaml"));
  stores.push(store);
  const studio = new Studio({ store });
  await tellSecret(await studio.line());
  await play(await studio.line());
  await waitForQuiet();
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const found = files.flatMap((entry) => {
    const bytes = readFileSync(join(entry.parentPath, entry.name));
    return [SECRET, "typed-0b1d2f3c"].flatMap((one) => findCanary(bytes, one).map((how) => `${entry.name}: ${how}`));
  });
  expect(files.length).toBeGreaterThan(1);
  expect(found).toEqual([]);
  expect(studio.warnings).toEqual([]);
});
