/** What the recording makes later is not there yet, and what it removed is not there any more: a daemon says 404. */
import { describe, expect, test } from "vitest";
import { encodeJsonRequest, request } from "../playbook/http.ts";
import { Theatre } from "../playbook/theatre.ts";

const ID = "c".repeat(64);
const OTHER_ID = "d".repeat(64);
const EXEC = "e".repeat(64);

interface Thing {
  readonly make: readonly [line: string, body: object, answer: object];
  readonly read: string;
  readonly remove: string;
  readonly message: string;
}

const THINGS: Readonly<Record<string, Thing>> = {
  "a container": {
    make: ["POST /v1.41/containers/create?name=web", { Image: "x" }, { Id: ID }],
    read: "GET /v1.41/containers/web/json",
    remove: "DELETE /v1.41/containers/web?force=1",
    message: "No such container: web",
  },
  "what runs in a container": {
    make: ["POST /v1.41/containers/create?name=web", { Image: "x" }, { Id: ID }],
    read: "GET /v1.41/containers/web/top",
    remove: "DELETE /v1.41/containers/web",
    message: "No such container: web",
  },
  "a container's log": {
    make: ["POST /v1.41/containers/create?name=web", { Image: "x" }, { Id: ID }],
    read: "GET /v1.41/containers/web/logs?stdout=1",
    remove: "DELETE /v1.41/containers/web",
    message: "No such container: web",
  },
  "an exec": {
    make: ["POST /v1.41/containers/web/exec", { Cmd: ["true"] }, { Id: EXEC }],
    read: `GET /v1.41/exec/${EXEC}/json`,
    remove: "DELETE /v1.41/containers/web",
    message: `No such exec instance: ${EXEC}`,
  },
  "a network": {
    make: ["POST /v1.41/networks/create", { Name: "reef" }, { Id: ID, Warning: "" }],
    read: "GET /v1.41/networks/reef",
    remove: "DELETE /v1.41/networks/reef",
    message: "network reef not found",
  },
  "a network, removed by its id": {
    make: ["POST /v1.41/networks/create", { Name: "reef" }, { Id: ID, Warning: "" }],
    read: "GET /v1.41/networks/reef",
    remove: `DELETE /v1.41/networks/${ID}`,
    message: "network reef not found",
  },
  "a volume": {
    make: ["POST /v1.41/volumes/create", { Name: "data" }, { Name: "data", Driver: "local" }],
    read: "GET /v1.41/volumes/data",
    remove: "DELETE /v1.41/volumes/data",
    message: "get data: no such volume",
  },
  "a config": {
    make: ["POST /v1.41/configs/create", { Name: "tide", Data: "" }, { ID: "tideid" }],
    read: "GET /v1.41/configs/tide",
    remove: "DELETE /v1.41/configs/tideid",
    message: "config tide not found",
  },
  "a service": {
    make: ["POST /v1.41/services/create", { Name: "tide" }, { ID: "tideid" }],
    read: "GET /v1.41/services/tideid",
    remove: "DELETE /v1.41/services/tideid",
    message: "service tideid not found",
  },
};

const made = ([line, body, answer]: Thing["make"]): string =>
  `---\nrequest:\n  line: ${line}\n  json-bare: ${JSON.stringify(body)}\nresponse:\n  status: 201 Created\n  json: ${JSON.stringify(answer)}\n`;
const seen = (line: string, answer: string): string =>
  `---\nrequest: ${line}\nresponse:\n  status: 200 OK\n  json: {"State":"${answer}"}\n`;
const removed = (line: string): string => `---\nrequest: ${line}\nresponse: 204 No Content\n`;

const statusOf = (answer: string): string => answer.slice("HTTP/1.1 ".length, answer.indexOf("\r\n"));
const bodyOf = (answer: string): string => answer.slice(answer.indexOf("\r\n\r\n") + 4);

async function make(theatre: Theatre, { make: [line, body] }: Thing): Promise<void> {
  expect(await theatre.asks(encodeJsonRequest(line, body))).toContain(" 201 Created\r\n");
}

describe.each(Object.entries(THINGS))("%s", (_, thing) => {
  const look = request(thing.read);

  test("is not there before it is made, and is there afterwards", async () => {
    const theatre = new Theatre(made(thing.make) + seen(thing.read, "up"));
    const before = await theatre.asks(look);
    expect([statusOf(before), bodyOf(before)]).toEqual([
      "404 Not Found",
      `${JSON.stringify({ message: thing.message })}\n`,
    ]);
    await make(theatre, thing);
    expect(await theatre.asks(look)).toContain('{"State":"up"}');
    expect(theatre.report).toMatchObject({ missed: [], unplayed: [], played: 2, exchanges: 2 });
  });

  test("is not there when it, or its container, has been removed", async () => {
    const remove = thing.remove;
    const theatre = new Theatre(made(thing.make) + seen(thing.read, "up") + removed(remove));
    await make(theatre, thing);
    expect(await theatre.asks(look)).toContain('{"State":"up"}');
    expect(await theatre.asks(request(remove))).toContain(" 204 ");
    expect(bodyOf(await theatre.asks(look))).toContain(thing.message);
  });

  test("is there all the time where only its removal is recorded", async () => {
    const theatre = new Theatre(seen(thing.read, "up") + removed(thing.remove));
    expect(await theatre.asks(look)).toContain('{"State":"up"}');
  });

  test("is a miss in a strict replay", async () => {
    const theatre = new Theatre(made(thing.make) + seen(thing.read, "up"), { isStrict: true });
    expect(statusOf(await theatre.asks(look))).toBe("501 Not Implemented");
  });
});

const CONTAINER = THINGS["a container"] as Thing;

test("a container without a name is not there when it has been removed", async () => {
  const [read, remove] = [`GET /v1.41/containers/${ID}/json`, `DELETE /v1.41/containers/${ID}`];
  const theatre = new Theatre(
    made(["POST /v1.41/containers/create", { Image: "x" }, { Id: ID }]) + seen(read, "up") + removed(remove),
  );
  expect(await theatre.asks(request(read))).toContain('{"State":"up"}');
  await theatre.asks(request(remove));
  expect(bodyOf(await theatre.asks(request(read)))).toContain(`No such container: ${ID}`);
});

test("a thing that failed to be made is not made by it", async () => {
  const failed = made(CONTAINER.make).replace("201 Created", "409 Conflict");
  const theatre = new Theatre(failed + seen(CONTAINER.read, "up"));
  expect(await theatre.asks(request(CONTAINER.read))).toContain('{"State":"up"}');
});

test("a name that is used again is the second thing's", async () => {
  const [line, body] = CONTAINER.make;
  const remove = CONTAINER.remove;
  const theatre = new Theatre(
    made(CONTAINER.make) +
      seen(CONTAINER.read, "first") +
      removed(remove) +
      made([line, body, { Id: OTHER_ID }]) +
      `---\nrequest: POST /v1.41/containers/web/start\nresponse: 204 No Content\n` +
      seen(CONTAINER.read, "second"),
  );
  const look = (): Promise<string> => theatre.asks(request(CONTAINER.read));
  await make(theatre, CONTAINER);
  expect(await look()).toContain("first");
  await theatre.asks(request(remove));
  expect(statusOf(await look())).toBe("404 Not Found");
  await make(theatre, CONTAINER);
  expect(await look()).toContain("second");
});

test("a recorded 404 of the thing is sent as it was recorded", async () => {
  const refused = `---\nrequest: ${CONTAINER.read}\nresponse:\n  status: 404 Not Found\n  json: {"message":"recorded"}\n`;
  const theatre = new Theatre(
    `${refused}---\nrequest: POST /v1.41/containers/prune\nresponse:\n  status: 200 OK\n  json: {}\n` +
      made(CONTAINER.make) +
      seen(CONTAINER.read, "up") +
      removed(CONTAINER.remove),
  );
  await make(theatre, CONTAINER);
  await theatre.asks(request(CONTAINER.read));
  await theatre.asks(request(CONTAINER.remove));
  expect(bodyOf(await theatre.asks(request(CONTAINER.read)))).toContain('"recorded"');
});

test("an image may have been there under its name before it is pulled", async () => {
  const pull = `---\nrequest: POST /v1.41/images/create?fromImage=x&tag=latest\nresponse:\n  status: 200 OK\n  json: {}\n`;
  const theatre = new Theatre(pull + seen("GET /v1.41/images/x:latest/json", "up"));
  expect(await theatre.asks(request("GET /v1.41/images/x:latest/json"))).toContain('{"State":"up"}');
});

test("old clients get plain text", async () => {
  const older = (text: string): string => text.replaceAll("/v1.41/", "/v1.19/");
  const theatre = new Theatre(older(made(CONTAINER.make) + seen(CONTAINER.read, "up")));
  const answer = await theatre.asks(request(older(CONTAINER.read)));
  expect(answer).toContain("\r\nContent-Type: text/plain; charset=utf-8\r\n");
  expect(bodyOf(answer)).toBe("No such container: web\n");
});

test("today's name of a thing stands in the message", async () => {
  const theatre = new Theatre(
    `whalesong: 1\nbind: {name: query.name}\n${made(CONTAINER.make)}${seen(CONTAINER.read, "up")}${removed(CONTAINER.remove)}`,
  );
  await theatre.asks(encodeJsonRequest("POST /v1.41/containers/create?name=today", { Image: "x" }));
  await theatre.asks(request("DELETE /v1.41/containers/today?force=1"));
  expect(bodyOf(await theatre.asks(request("GET /v1.41/containers/today/json")))).toContain("No such container: today");
});

describe("a name that is asked for among other kinds of things", () => {
  const OTHERS: readonly (readonly [path: string, message: string])[] = [
    ["/v1.41/images/web/json", "No such image: web:latest"],
    ["/v1.41/networks/web", "network web not found"],
    ["/v1.41/volumes/web", "get web: no such volume"],
    ["/v1.41/plugins/web/json", 'plugin "web" not found'],
  ];
  const recorded = made(CONTAINER.make) + seen(CONTAINER.read, "up");
  const isMiss = async (theatre: Theatre, path: string): Promise<boolean> =>
    statusOf(await theatre.asks(request(`GET ${path}`))) === "501 Not Implemented";

  test.each(OTHERS)("%s is not there before the container is made, and a miss afterwards", async (path, message) => {
    const theatre = new Theatre(recorded);
    const before = await theatre.asks(request(`GET ${path}`));
    expect([statusOf(before), bodyOf(before)]).toEqual(["404 Not Found", `${JSON.stringify({ message })}\n`]);
    await make(theatre, CONTAINER);
    expect(await isMiss(theatre, path)).toBe(true);
    expect(theatre.report).toMatchObject({ played: 1, unplayed: ["run.yaml:12  GET /v1.41/containers/web/json"] });
  });

  test("is a miss among things of its own kind, if nothing was recorded there", async () => {
    expect(await isMiss(new Theatre(made(CONTAINER.make)), "/v1.41/containers/web/json")).toBe(true);
  });

  test("is a miss if the recording makes no such thing", async () => {
    expect(await isMiss(new Theatre(recorded), "/v1.41/images/reef/json")).toBe(true);
  });

  test("is a miss in a strict replay", async () => {
    expect(await isMiss(new Theatre(recorded, { isStrict: true }), "/v1.41/networks/web")).toBe(true);
  });

  test.each(["web", "docker.io/library/web:1.2"])("is a miss where %s is an image of the recording", async (Image) => {
    const [line, , answer] = CONTAINER.make;
    const theatre = new Theatre(made([line, { Image }, answer]) + seen(CONTAINER.read, "up"));
    expect(await isMiss(theatre, "/v1.41/images/web/json")).toBe(true);
  });

  test("is a miss where a network of that name is there", async () => {
    const network: Thing["make"] = ["POST /v1.41/networks/create", { Name: "web" }, { Id: OTHER_ID, Warning: "" }];
    const theatre = new Theatre(made(network) + recorded);
    expect(await theatre.asks(encodeJsonRequest(network[0], network[1]))).toContain(" 201 ");
    expect(await isMiss(theatre, "/v1.41/volumes/web")).toBe(true);
  });
});
