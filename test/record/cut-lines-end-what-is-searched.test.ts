/** Of a line with a secret that a client sends, what follows the secret is cut out with the line's end: the next line is none of it. */
import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { cutClientSecrets, readClientText } from "../../src/record/redact/client-secrets.ts";
import { encodeHead, encodeJsonAnswer, encodeJsonRequest, upgradeRequest } from "../playbook/http.ts";
import { Studio } from "../playbook/studio.ts";

const ATTACH = upgradeRequest("POST /v1.41/containers/web/attach?stream=1&stdin=1&stdout=1");
const UPGRADED = encodeHead("HTTP/1.1 101 UPGRADED", ["Connection: Upgrade", "Upgrade: tcp"]);
const CREATE = encodeJsonRequest("POST /v1.41/containers/create", { Env: ["DB_PASSWORD=Canary-7f3a91c2e5"] });
const CREATED = encodeJsonAnswer("201 Created", "{}\n");
/** As much as is searched at once. */
const MUCH = "a line of text\n".repeat(4368);

/** What is kept of the client's bytes; `<>` for what is cut out. */
async function record(inputs: readonly string[], output = ""): Promise<string> {
  const studio = new Studio();
  const other = await studio.line();
  const { client, daemon } = await studio.line();
  await client.sends(ATTACH);
  await daemon.hears(ATTACH);
  await daemon.sends(UPGRADED);
  await client.hears(UPGRADED);
  await daemon.sends(output);
  await client.hears(output);
  for (const input of inputs) {
    await client.sends(input);
    await daemon.hears(input);
  }
  // What becomes known later is looked for in the streams once more.
  await other.client.sends(CREATE);
  await other.daemon.hears(CREATE);
  await other.daemon.sends(CREATED);
  await other.client.hears(CREATED);
  expect((await studio.finish()).problem).toBeUndefined();
  return parseAllDocuments(studio.store.text)
    .flatMap((document) => (document.toJS() as { stream?: readonly { stdin?: unknown }[] }).stream ?? [])
    .map(({ stdin }) => (typeof stdin === "string" ? stdin : stdin === undefined ? "" : "<>"))
    .join("");
}

test("the first word of the next line is kept", async () => {
  expect(await record(["Authorization: Basic c2VjcmV0OnNlY3JldA==\ncurl http://web\n"])).toBe(
    "Authorization: Basic <>curl http://web\n",
  );
});

test("what is searched once more keeps its order", async () => {
  const header = "first\nAuthorization: Basic c2VjcmV0OnNlY3JldA==\ncurl http://web\n";
  expect(await record([header, "Authorization: Bearer b3RoZXItc2VjcmV0\nlast\n"], MUCH)).toBe(
    "first\nAuthorization: Basic <>curl http://web\nAuthorization: Bearer <>last\n",
  );
});

test("a secret before one that was cut out of the same line takes the rest of the line with it", () => {
  const cut = { redactedSize: 5, isLine: true };
  const pieces = [Buffer.from("a b "), cut, Buffer.from("c\n")];
  expect(readClientText(pieces)).toBe("a b \0\nc\n");
  expect(cutClientSecrets([pieces], [{ start: 2, end: 3, rule: "values" }])).toEqual([
    [Buffer.from("a "), { redactedSize: 7, isLine: true }, Buffer.from("c\n")],
  ]);
});
