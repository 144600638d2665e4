/** `POST /build?version=2` as dockerode and testcontainers send it: the context is the body, a session stands beside. */
import { expect, test } from "vitest";
import { openCassette } from "../../../src/cassette/read.ts";
import { encodeChunkedAnswer, encodeTextChunk, LAST_CHUNK, request } from "../../playbook/http.ts";
import { recordPieces } from "./record-capture.ts";

const BUILD = "POST /v1.41/build?session=8a0ee9d6-39be-4f3c-9c5a-4a9a3c2f1f11&t=tide&version=2";

function send(body: string, ...chunks: readonly string[]): Parameters<typeof recordPieces>[0] {
  const answer = [encodeChunkedAnswer("200 OK"), ...chunks.map(encodeTextChunk), LAST_CHUNK];
  return [
    { connection: 1, at: 0, side: "client", bytes: request(BUILD, { body }) },
    ...answer.map((text) => ({ connection: 1, at: 1, side: "daemon", bytes: Buffer.from(text) }) as const),
  ];
}

test("the body is kept, and lines that come in one chunk are as good as others", async () => {
  const lines = '{"aux":{"ID":"sha256:1"},"id":"moby.image.id"}\r\n{"stream":"tagged"}\r\n';
  const { text, sidecars, problems, report } = await recordPieces(send("a tar", lines));
  expect({ problems, dropped: report.dropped }).toEqual({ problems: [], dropped: 0 });
  expect([...sidecars.values()].map(String)).toEqual(["a tar"]);
  expect(text).toContain("line: POST /v1.41/build?t=tide&version=2\n");
  const [exchange] = openCassette(Buffer.from(text), "run.yaml").entries.map((entry) => entry.readExchange());
  expect(exchange?.build?.filter(({ kind }) => kind === "line")).toMatchObject([
    { json: Buffer.from('{"aux":{"ID":"sha256:1"},"id":"moby.image.id"}') },
    { json: Buffer.from('{"stream":"tagged"}') },
  ]);
});

test("a build that does not begin leaves its request and its error", async () => {
  const { text, sidecars, problems } = await recordPieces(send("a tar", '{"error":"no builder"}\n'));
  expect(problems).toEqual([]);
  expect(sidecars.size).toBe(1);
  expect(text).toContain('stream:\n  - jsonl: {"error":"no builder"}\n');
});
