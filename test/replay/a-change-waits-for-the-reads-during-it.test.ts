/** What a client looked at while a change was under way is answered from before its end, however quickly it is played. */
import { describe, expect, test } from "vitest";
import { request, upgradeRequest } from "../playbook/http.ts";
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
