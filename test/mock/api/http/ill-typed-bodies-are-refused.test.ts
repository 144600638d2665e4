/** JSON of other types than Go's, as Engine 20.10 and 28.5 answered it: never as a fault of ours. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { MockedDaemon } from "../../../playbook/mocked.ts";

interface Row {
  readonly path: string;
  readonly body: string;
  /** Status and message; null where the daemon made what was asked for. */
  readonly "20.10": readonly [status: number, message: string | null];
  readonly "28": readonly [status: number, message: string | null];
}

const ROWS = JSON.parse(readFileSync(new URL("ill-typed-bodies.json", import.meta.url), "utf8")) as readonly Row[];
const CASES = (["20.10", "28"] as const).flatMap((engine) => ROWS.map((row) => ({ engine, ...row })));

test.each(CASES)("by Engine $engine: $path $body", async ({ engine, path, body, ...answers }) => {
  const docker = new MockedDaemon({ engine });
  const head = `POST /v1.41/${path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n`;
  const client = docker.client();
  await client.sends(`${head}Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`);
  const [answerHead = "", text = ""] = (await client.hearsAll()).split("\r\n\r\n");
  const [status, message] = answers[engine];
  const json = JSON.parse(text) as { message?: string };
  expect([Number(answerHead.split(" ")[1]), json.message ?? null]).toEqual([status, message]);
});
