import { expect, test } from "vitest";
import { request } from "../../playbook/http.ts";
import { waitForQuiet } from "../../playbook/quiet.ts";
import { SimulatedDaemon } from "../../playbook/simulated.ts";

const WEB = { containers: [{ name: "web", image: "nginx" }] } as const;

test("the state can be read, extended and reset", async () => {
  const mocked = new SimulatedDaemon(WEB);
  const state = await mocked.asks("GET /_whalesong/state");
  expect(state.json).toMatchObject({
    containers: [{ name: "web", image: "nginx", status: "running", exitCode: 0 }],
    networks: [{ name: "bridge" }, { name: "host" }, { name: "none" }],
    volumes: [],
    calls: 0,
  });
  const added = await mocked.asks("POST /_whalesong/state", {
    volumes: ["data"],
    containers: [{ name: "db", image: "pg" }],
  });
  expect(added.json).toMatchObject({ containers: [{ name: "web" }, { name: "db" }], volumes: [{ name: "data" }] });
  const reset = await mocked.asks("POST /_whalesong/reset");
  expect(reset.text).toBe(state.text);
});

test("the calls can be read and forgotten", async () => {
  const mocked = new SimulatedDaemon(WEB);
  await mocked.asks("GET /v1.41/containers/web/json");
  await mocked.asks("GET /v1.41/containers/none/json");
  const listCalls = async (query: string): Promise<number[]> => {
    const { json } = await mocked.asks(`GET /_whalesong/calls${query}`);
    return json.calls.map(({ number }: { number: number }) => number);
  };
  expect(await listCalls("")).toEqual([1, 2]);
  expect(await listCalls("?on=ContainerInspect&status=404")).toEqual([2]);
  expect(await listCalls("?name=web")).toEqual([1]);
  expect(await listCalls("?on=GET+/containers/*/json")).toEqual([1, 2]);
  expect((await mocked.asks("GET /_whalesong/calls?on=ContainerInspct")).json).toMatchObject({
    code: "WHALESONG_NO_SUCH_CALL",
  });
  await mocked.asks("DELETE /_whalesong/calls");
  expect(await listCalls("")).toEqual([]);
});

test("a container can be crashed, and can be made to print", async () => {
  const mocked = new SimulatedDaemon(WEB);
  await mocked.asks("POST /_whalesong/log", { container: "web", line: "ready" });
  const { json } = await mocked.asks("POST /_whalesong/crash", { container: "web", exitCode: 139 });
  expect(json.containers).toMatchObject([{ status: "exited", exitCode: 139 }]);
  await waitForQuiet();
  expect(mocked.simulation.containers.get("web").logs()).toBe("ready\n");
});

test.each([
  [
    "POST /_whalesong/crash",
    {},
    400,
    /the body must be JSON like `\{"container": "web", "exitCode": 139\}`, got `\{\}`/,
  ],
  ["POST /_whalesong/crash", { container: "db" }, 404, /^No such container: db$/],
  ["POST /_whalesong/state", { container: [] }, 400, /^body:1:2 {2}unknown key `container` in a state/],
  [
    "GET /_whalesong/nothing",
    undefined,
    404,
    /^there is no `GET \/_whalesong\/nothing`; there is `GET \/_whalesong\/state`/,
  ],
])("%s with %j is refused", async (line, body, status, message) => {
  const answer = await new SimulatedDaemon(WEB).asks(line, body);
  expect(answer).toMatchObject({ status, json: { message: expect.stringMatching(message) } });
});

test.each([
  ["lists", "- ".repeat(9000)],
  ["brackets", "[".repeat(15_000)],
  ["JSON", `${"[".repeat(4000)}${"]".repeat(4000)}`],
])("a state that is nested too deeply is refused, and the mock goes on: %s", async (_, body) => {
  const mocked = new SimulatedDaemon(WEB);
  const client = mocked.client();
  await client.sends(request("POST /_whalesong/state", { headers: ["Content-Type: application/yaml"], body }));
  expect(await client.hearsUpTo("at most 200 levels")).toMatch(/^HTTP\/1\.1 400 .*body:1:\d+ {2}nested too deeply/s);
  expect((await mocked.asks("GET /_whalesong/state")).json).toMatchObject({ containers: [{ name: "web" }] });
});
