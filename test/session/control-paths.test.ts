/** The control paths beside the Docker API: which requests they take, and how they answer. */
import { describe, expect, test } from "vitest";
import { UsageError } from "../../src/base/errors.ts";
import {
  type ControlCommand,
  type ControlCommands,
  createControlRefusal,
  createControlResponder,
  joinCommands,
  readControlText,
  toErrorAnswer,
  toJsonAnswer,
} from "../../src/session/control.ts";
import { request } from "../playbook/http.ts";
import { connectClient, respondEarly } from "./session-client.ts";

const COMMANDS: ControlCommands = new Map<string, ControlCommand>([
  ["GET /_whalesong/state", () => toJsonAnswer({ a: 1 })],
  ["POST /_whalesong/echo", async (call) => toJsonAnswer({ text: await readControlText(call) })],
  ["POST /_whalesong/conflict", () => toErrorAnswer(409, "Conflict", "taken")],
  [
    "POST /_whalesong/bad",
    () => {
      throw new UsageError("WHALESONG_BAD_CONTROL", "no good");
    },
  ],
]);
const KNOWN = "`GET /_whalesong/state`, `POST /_whalesong/echo`, `POST /_whalesong/conflict`, `POST /_whalesong/bad`";

/** Status and body of the response; `docker` where the request went past the control paths. */
async function ask(responder: ReturnType<typeof createControlResponder>, sent: Buffer): Promise<readonly string[]> {
  const { client } = connectClient(responder, respondEarly);
  await client.sends(sent);
  await client.closesItsHalf();
  const [responseHead = "", body = ""] = (await client.hearsAll()).split("\r\n\r\n");
  const isControl = responseHead.includes("Content-Type: application/json");
  return isControl ? [responseHead.slice("HTTP/1.1 ".length, responseHead.indexOf("\r\n")), body] : ["docker"];
}

describe("a control responder", () => {
  test.each<[line: string, body: string, answer: readonly string[]]>([
    ["GET /_whalesong/state", "", ["200 OK", '{"a":1}\n']],
    ["POST /_whalesong/echo", "é", ["200 OK", '{"text":"\xc3\xa9"}\n']],
    ["POST /_whalesong/conflict", "", ["409 Conflict", '{"message":"taken"}\n']],
    ["POST /_whalesong/bad", "", ["400 Bad Request", '{"message":"no good","code":"WHALESONG_BAD_CONTROL"}\n']],
    ["HEAD /_whalesong/state", "", ["404 Not Found", ""]],
    ["POST /_whalesong/state", "", ["404 Not Found", notFound("POST /_whalesong/state")]],
    ["GET /_whalesong", "", ["404 Not Found", notFound("GET /_whalesong")]],
    ["GET /_whalesongs/state", "", ["docker"]],
    ["GET /v1.41/containers/json", "", ["docker"]],
  ])("answers %s", async (line, body, answer) => {
    expect(await ask(createControlResponder(COMMANDS), request(line, { body }))).toEqual(answer);
  });

  test("drops what a body has beyond 1 MiB", async () => {
    const sent = request("POST /_whalesong/echo", { body: "x".repeat(3_000_000) });
    const [, body = ""] = await ask(createControlResponder(COMMANDS), sent);
    expect((JSON.parse(body) as { text: string }).text.length).toBeLessThanOrEqual(1024 * 1024);
  });

  test("keeps the connection for the next request", async () => {
    const { client } = connectClient(createControlResponder(COMMANDS), respondEarly);
    for (let round = 0; round < 2; round += 1) {
      await client.sends(request("POST /_whalesong/conflict", { body: "not read" }));
      await client.hearsUpTo("taken");
      await client.hearsUpTo("\n");
    }
    await client.hearsNothing();
  });
});

function notFound(line: string): string {
  return `${JSON.stringify({ message: `there is no \`${line}\`; there is ${KNOWN}` })}\n`;
}

test("a refusal answers every control path with its reason, and nothing else", async () => {
  const refusal = createControlRefusal("not here");
  expect(await ask(refusal, request("GET /_whalesong/state"))).toEqual(["404 Not Found", '{"message":"not here"}\n']);
  expect(await ask(refusal, request("GET /_ping"))).toEqual(["docker"]);
});

test("joined commands: one that both have answers with the members of both, the second one's on top", async () => {
  const more: ControlCommands = new Map<string, ControlCommand>([
    ["GET /_whalesong/state", () => toJsonAnswer({ b: 2 })],
    ["GET /_whalesong/more", () => toJsonAnswer("more")],
  ]);
  const responder = createControlResponder(joinCommands(COMMANDS, more));
  expect(await ask(responder, request("GET /_whalesong/state"))).toEqual(["200 OK", '{"a":1,"b":2}\n']);
  expect(await ask(responder, request("GET /_whalesong/more"))).toEqual(["200 OK", '"more"\n']);
  expect(await ask(responder, request("POST /_whalesong/conflict"))).toEqual(["409 Conflict", '{"message":"taken"}\n']);
});
