/** What a client looked at while a change was under way is answered from before its end, however quickly it is played. */
import { describe, expect, test } from "vitest";
import { encodeJsonRequest, request, upgradeRequest } from "../playbook/http.ts";
import { waitForQuiet } from "../playbook/quiet.ts";
import { Theatre } from "../playbook/theatre.ts";

/** A change that says `first`, then `last`, and then is over. */
interface Change {
  readonly document: string;
  readonly request: Buffer;
  readonly first: string;
  readonly last: string;
}

const progress = (line: string, first: string, last: string): Change => ({
  document: `name: change
request: ${line}
response:
  status: 200 OK
  headers: {Content-Type: application/json}
stream:
  - progress: {"status":"${first}"}
  - wait: 500ms
  - progress: {"status":"${last}"}
`,
  request: request(line),
  first,
  last,
});

const CHANGES: Readonly<Record<string, Change>> = {
  "an exec": {
    document: `name: change
request:
  line: POST /v1.41/exec/77ab10/start
  json-bare: {"Detach":false,"Tty":false}
response:
  status: 101 UPGRADED
  headers: {Content-Type: application/vnd.docker.raw-stream}
stream:
  - stdout: "first"
  - wait: 500ms
  - stdout: "last"
  - eof: daemon
`,
    request: upgradeRequest("POST /v1.41/exec/77ab10/start", '{"Detach":false,"Tty":false}'),
    first: "first",
    last: "last",
  },
  "a build": progress("POST /v1.41/build?t=x", "Step 1/1", "Successfully tagged"),
  "a pull": progress("POST /v1.41/images/create?fromImage=x&tag=latest", "Pulling", "Downloaded"),
  "a push": progress("POST /v1.41/images/x/push?tag=latest", "Preparing", "latest: digest"),
  "a load": progress("POST /v1.41/images/load?quiet=1", "Loading layer", "Loaded image"),
  "a stop": {
    document: "name: change\nrequest: POST /v1.41/containers/web/stop?t=2\nresponse: 204 No Content\n",
    request: request("POST /v1.41/containers/web/stop?t=2"),
    first: "",
    last: "204 No Content",
  },
};

const READS: readonly (readonly [change: string, path: string])[] = [
  ["an exec", "/v1.41/exec/77ab10/json"],
  ["an exec", "/v1.41/containers/json?all=1"],
  ["a build", "/v1.41/images/json"],
  ["a pull", "/v1.41/images/x/json"],
  ["a push", "/v1.41/images/json"],
  ["a load", "/v1.41/images/x/json"],
  ["a stop", "/v1.41/containers/web/json"],
  ["a stop", "/v1.41/containers/web/top"],
  ["a stop", "/v1.41/containers/json"],
];

const read = (path: string, answer: string, during = ""): string =>
  `---\n${during}request: GET ${path}\nresponse:\n  status: 200 OK\n  json: {"State":"${answer}"}\n`;
const DURING = "during: change\n";

function play(change: string, ...reads: readonly string[]): Theatre {
  return new Theatre(`---\n${CHANGES[change]?.document}${reads.join("")}`);
}

async function stateAt(theatre: Theatre, path: string): Promise<string | undefined> {
  return /"State":"(\w+)"/.exec(await theatre.asks(request(`GET ${path}`)))?.[1];
}

describe.each(READS)("%s with GET %s", (name, path) => {
  const { request: begin, first, last } = CHANGES[name] as Change;

  test("is over when what was read during it has been read, as often as it was", async () => {
    const theatre = play(name, read(path, "one", DURING), read(path, "two", DURING), read(path, "after"));
    const client = theatre.client();
    await client.sends(begin);
    await client.hearsUpTo(first);
    await waitForQuiet();
    expect(await stateAt(theatre, path)).toBe("one");
    await theatre.passes(1900);
    expect(await stateAt(theatre, path)).toBe("two");
    await client.hearsUpTo(last);
    await waitForQuiet();
    expect(await stateAt(theatre, path)).toBe("after");
    expect(await stateAt(theatre, path)).toBe("after");
  });

  test("is over when a client has not read for two seconds", async () => {
    const theatre = play(name, read(path, "one", DURING), read(path, "after"));
    const client = theatre.client();
    await client.sends(begin);
    await theatre.passes(2000);
    await client.hearsUpTo(last);
    await waitForQuiet();
    expect(await stateAt(theatre, path)).toBe("after");
    expect(theatre.report.stalled).toEqual([]);
  });

  test.each([
    ["the same is read after it", [read(path, "one", DURING), read(path, "one")]],
    [
      "the same is read after it, by a faster daemon",
      [read(path, "one", DURING).replace("  json", "  wait: 200ms\n  json"), read(path, "one")],
    ],
    ["nothing is read after it", [read(path, "one", DURING)]],
    ["something else is read after it", [read(path, "one", DURING), read("/v1.41/info", "up")]],
  ])("does not wait where %s", async (_, reads) => {
    const theatre = play(name, ...reads);
    const client = theatre.client();
    await client.sends(begin);
    await client.hearsUpTo(last);
    expect(await stateAt(theatre, path)).toBe("one");
  });
});

test("a stop does not wait for what is past since a client has the result of a wait", async () => {
  const path = "/v1.41/containers/web/json";
  const wait = `---
during: change
request: POST /v1.41/containers/web/wait
response: {status: 200 OK, headers: {Content-Type: application/json}}
stream:
  - jsonl: {"StatusCode":137}
`;
  const theatre = play("a stop", read(path, "one", DURING), wait, read(path, "after"));
  const client = theatre.client();
  await client.sends(CHANGES["a stop"]?.request as Buffer);
  await waitForQuiet();
  await client.hearsNothing();
  await theatre.asks(request("POST /v1.41/containers/web/wait"));
  await client.hearsUpTo("204 No Content");
  expect(await stateAt(theatre, path)).toBe("after");
});

test("a client that leaves meanwhile ends the change", async () => {
  const path = "/v1.41/exec/77ab10/json";
  const theatre = play("an exec", read(path, "one", DURING), read(path, "after"));
  const client = theatre.client();
  await client.sends(CHANGES["an exec"]?.request as Buffer);
  await client.hearsUpTo("last");
  await client.breaksOff();
  expect(await stateAt(theatre, path)).toBe("after");
});

test("while it waits, the report says what for", async () => {
  const path = "/v1.41/exec/77ab10/json";
  const theatre = play("an exec", read(path, "one", DURING), read(path, "after"));
  const client = theatre.client();
  await client.sends(CHANGES["an exec"]?.request as Buffer);
  await client.hearsUpTo("last");
  await waitForQuiet();
  expect(JSON.stringify(theatre.report.stalled)).toContain("the reads that were recorded while it was under way");
});

describe("two execs of one container, side by side", () => {
  const IDS = ["a1".repeat(32), "b2".repeat(32)] as const;
  const create = (id: string): string => `---
request:
  line: POST /v1.41/containers/web/exec
  json-bare: {"Cmd":["${id}"]}
response:
  status: 201 Created
  json-bare: {"Id":"${id}"}
`;
  const start = (id: string, name: string): string => `---
name: ${name}
request:
  line: POST /v1.41/exec/${id}/start
  json-bare: {"Detach":false,"Tty":false}
response:
  status: 101 UPGRADED
  headers: {Content-Type: application/vnd.docker.raw-stream}
stream:
  - stdout: "out of ${name}"
  - eof: daemon
`;
  const look = (id: string): string => `/v1.41/exec/${id}/json`;
  const [A, B] = IDS;
  const recorded = [
    ...IDS.map(create),
    start(A, "a"),
    start(B, "b"),
    read(look(A), "running", "during: [a, b]\n"),
    read(look(B), "running", "during: [a, b]\n"),
    read(look(B), "over", "during: a\n"),
    read(look(A), "over"),
  ].join("");
  const begin = (id: string): Buffer => upgradeRequest(`POST /v1.41/exec/${id}/start`, '{"Detach":false,"Tty":false}');

  test.each([
    ["the first", A, B],
    ["the second", B, A],
  ])("%s ends when it has been looked at, and the other one is still under way", async (_, one, other) => {
    const theatre = new Theatre(recorded);
    for (const id of IDS) await theatre.asks(encodeJsonRequest("POST /v1.41/containers/web/exec", { Cmd: [id] }));
    const clients = [theatre.client(), theatre.client()];
    await clients[0]?.sends(begin(one));
    await clients[1]?.sends(begin(other));
    await waitForQuiet();
    expect(await stateAt(theatre, look(one))).toBe("running");
    await waitForQuiet();
    expect(await stateAt(theatre, look(one))).toBe("over");
    expect(await stateAt(theatre, look(other))).toBe("running");
    await waitForQuiet();
    expect(await stateAt(theatre, look(other))).toBe("over");
  });
});
