import { describe, expect, expectTypeOf, test } from "vitest";
import type { HookCall } from "../../../src/mock/daemon/calls/hooks.ts";
import type { RecordedCall } from "../../../src/mock/daemon/calls/recorded-call.ts";
import { SimulatedDaemon } from "../../playbook/simulated.ts";

async function playSession(): Promise<SimulatedDaemon> {
  const mocked = new SimulatedDaemon();
  const { json } = await mocked.asks("POST /v1.41/containers/create?name=web", {
    Image: "busybox",
    Cmd: ["true"],
    Labels: { team: "a" },
  });
  await mocked.asks(`POST /v1.41/containers/${json.Id}/start`);
  await mocked.asks("GET /v1.41/containers/none/json");
  return mocked;
}

describe("calls", () => {
  test("are recorded in order, with their names", async () => {
    const { calls } = (await playSession()).simulation;
    expect([...calls]).toMatchObject([
      {
        number: 1,
        operation: "ContainerCreate",
        method: "POST",
        apiVersion: "1.41",
        query: { name: "web" },
        status: 201,
      },
      { number: 2, operation: "ContainerStart", status: 204, body: undefined },
      { number: 3, operation: "ContainerInspect", name: "none", status: 404 },
    ]);
    expect(calls.at(0)?.body).toMatchObject({ Image: "busybox" });
    expect(calls.at(1)?.names).toEqual(expect.arrayContaining(["web", "busybox"]));
    expectTypeOf(calls.at(0)).toEqualTypeOf<RecordedCall | undefined>();
  });

  test("are selected by operation, path, name, body, query and status", async () => {
    const { calls } = (await playSession()).simulation;
    expect(calls.expect("ContainerStart", { name: "web", times: 1 })).toHaveLength(1);
    expect(calls.of("POST /containers/{id}/start")).toHaveLength(1);
    expect(calls.of("ContainerCreate", { body: { Labels: { team: expect.any(String) }, Image: /box/ } })).toHaveLength(
      1,
    );
    expect(calls.of("ContainerCreate", { body: { Cmd: [] } })).toEqual([]);
    expect(calls.of("ContainerCreate", { query: { name: "web" } })).toHaveLength(1);
    expect(calls.of("ContainerInspect", { status: 200 })).toEqual([]);
    calls.expectNone("ContainerKill");
    calls.expectInOrder("ContainerCreate", "ContainerStart", "ContainerInspect");
    calls.verify();
  });

  test("are listed by the error of a failed check", async () => {
    const { calls } = (await playSession()).simulation;
    expect(() => calls.expect("ContainerStop", { name: "web", body: { t: 1 } })).toThrow(
      /^expected at least one call of ContainerStop about `web` with body \{"t":1\}, got 0\nwhat was called:\n {2}1 {2}POST \/v1\.41\/containers\/create\?name=web {2}ContainerCreate {2}201\n/,
    );
    expect(() => calls.expect("ContainerStart", { times: 2 })).toThrow("expected 2 calls of ContainerStart, got 1");
    expect(() => calls.expectNone("ContainerStart")).toThrow("expected 0 calls of ContainerStart, got 1");
    expect(() => calls.expectInOrder("ContainerStart", "ContainerCreate")).toThrow(
      "expected a call of ContainerCreate after ContainerStart, got none",
    );
    expect(() => calls.expect("ContainerStrt")).toThrow(
      "unknown operation `ContainerStrt` (did you mean `ContainerStart`?)",
    );
    expect(() => new SimulatedDaemon().simulation.calls.expect("ContainerStop")).toThrow("  nothing was called");
  });
});

describe("an unexpected call", () => {
  test("is named if the mock does not simulate it", async () => {
    const mocked = new SimulatedDaemon();
    const { status, json } = await mocked.asks("POST /v1.41/plugins/create?name=x");
    expect([status, json.message]).toEqual([501, "whalesong's mock does not simulate PluginCreate"]);
    expect(() => mocked.simulation.calls.verify()).toThrow(/got PluginCreate \(not simulated\)/);
  });

  test("is refused and named if `only` does not allow it", async () => {
    const mocked = new SimulatedDaemon({}, ({ operation }) => operation.name === "SystemPing");
    expect((await mocked.asks("GET /_ping")).status).toBe(200);
    const { status, json } = await mocked.asks("GET /v1.41/containers/json");
    expect([status, json.message]).toEqual([
      501,
      "whalesong's mock did not expect ContainerList: GET /v1.41/containers/json",
    ]);
    expect(() => mocked.simulation.calls.verify()).toThrow(/got ContainerList \(unexpected\)/);
  });
});

describe("a hook", () => {
  test("runs between two calls: a list and an inspection", async () => {
    const mocked = new SimulatedDaemon({ containers: [{ name: "web", image: "busybox" }] });
    const { simulation } = mocked;
    simulation.hooks.addAfter("ContainerList", () => simulation.containers.get("web").remove());
    expect((await mocked.asks("GET /v1.41/containers/json")).json).toHaveLength(1);
    expect((await mocked.asks("GET /v1.41/containers/web/json")).status).toBe(404);
  });

  test.each([
    ["a refusal", { status: 409, message: "busy" }, 409, '{"message":"busy"}\n'],
    ["JSON", { json: { Id: "1" } }, 200, '{"Id":"1"}\n'],
    ["text", { status: 202, text: "fine" }, 202, "fine"],
  ])("may respond instead: %s", async (_what, instead, status, text) => {
    const mocked = new SimulatedDaemon();
    const off = mocked.simulation.hooks.addBefore("ContainerCreate", () => instead);
    const ask = (): ReturnType<SimulatedDaemon["asks"]> =>
      mocked.asks("POST /v1.41/containers/create", { Image: "busybox" });
    expect(await ask()).toMatchObject({ status, text });
    off();
    expect((await ask()).status).toBe(201);
  });

  test("may read the body, which the daemon reads again", async () => {
    const mocked = new SimulatedDaemon();
    const bodies: unknown[] = [];
    mocked.simulation.hooks.addBefore("ContainerCreate", async (call) => {
      expectTypeOf(call).toEqualTypeOf<HookCall>();
      bodies.push(await call.json());
    });
    expect((await mocked.asks("POST /v1.41/containers/create", { Image: "busybox" })).status).toBe(201);
    expect(bodies).toEqual([{ Image: "busybox" }]);
  });
});

test("listeners get calls, execs and events", async () => {
  const mocked = new SimulatedDaemon({ containers: [{ name: "web", image: "busybox" }] });
  const received: string[] = [];
  mocked.simulation.on("call", ({ operation, status }) => received.push(`${operation} ${status}`));
  mocked.simulation.on("exec", ({ argv }) => received.push(argv.join(" ")));
  const off = mocked.simulation.on("event", ({ action }) => received.push(action));
  const { json } = await mocked.asks("POST /v1.41/containers/web/exec", { Cmd: ["true"] });
  off();
  await mocked.asks(`POST /v1.41/exec/${json.Id}/start`, { Detach: true });
  expect(received).toEqual(["exec_create: true ", "ContainerExec 201", "true", "ExecStart 200"]);
});
