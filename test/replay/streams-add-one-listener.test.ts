import { expect, onTestFinished, test } from "vitest";
import { encodeChunkedAnswer, encodeTextChunk, NO_CONTENT, request } from "../playbook/http.ts";
import { waitForQuiet } from "../playbook/quiet.ts";
import { Theatre } from "../playbook/theatre.ts";

test("a stream that waits many times listens for its client's end once", async () => {
  const verbs = Array.from({ length: 20 }, (_, at) => `exec-${at}`);
  const events = verbs.map((verb) => `  - cue: ${verb}\n  - jsonl: 1\n`).join("");
  const changes = verbs.map(
    (verb) => `---\nname: ${verb}\nrequest: POST /v1.41/containers/${verb}/start\nresponse: 204 No Content\n`,
  );
  const stream = `---
request: GET /v1.41/events
response:
  status: 200 OK
  headers: {Content-Type: application/json}
stream:
${events}  - eof: client
`;
  const warnings: string[] = [];
  const warn = ({ name }: Error): unknown => warnings.push(name);
  process.on("warning", warn);
  onTestFinished(() => void process.off("warning", warn));
  const theatre = new Theatre(stream + changes.join(""));
  const [listener, client] = [theatre.client(), theatre.client()];
  await listener.sends(request("GET /v1.41/events"));
  await listener.hears(encodeChunkedAnswer("200 OK"));
  for (const verb of verbs) {
    await client.sends(request(`POST /v1.41/containers/${verb}/start`));
    await client.hears(NO_CONTENT);
    await listener.hears(encodeTextChunk("1\n"));
  }
  await waitForQuiet();
  expect(warnings).toEqual([]);
});
