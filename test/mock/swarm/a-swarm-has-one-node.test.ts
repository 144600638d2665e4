import { describe, expect, test } from "vitest";
import { MockedDaemon, type TestResponse } from "../../playbook/mocked.ts";

const V = "/v1.41";
const TOP = { Name: "top", Data: "dG9w", Labels: { a: "b" } };

async function initSwarm(): Promise<MockedDaemon> {
  const docker = new MockedDaemon();
  await docker.asks(`POST ${V}/swarm/init`, { ListenAddr: "0.0.0.0:2377", AdvertiseAddr: "127.0.0.1" });
  return docker;
}

function toOutcome({ status, json }: TestResponse): readonly [number, string] {
  return [status, json.message];
}

describe("without a swarm", () => {
  test.each(["/swarm", "/swarm/unlockkey", "/nodes", "/services", "/tasks", "/secrets", "/configs/x"])(
    "%s says how to begin one",
    async (path) => {
      const [status, message] = toOutcome(await new MockedDaemon().asks(`GET ${V}${path}`));
      expect(status).toBe(503);
      expect(message).toMatch(/^This node is not a swarm manager. Use "docker swarm init"/);
    },
  );

  test.each([
    ["init", {}, 400, 'invalid ListenAddr "": invalid empty address'],
    ["join", {}, 400, 'invalid ListenAddr "": invalid empty address'],
    ["join", { ListenAddr: "127.0.0.1", JoinToken: "x" }, 500, "invalid join token"],
    ["leave", undefined, 503, "This node is not part of a swarm"],
  ])("to %s by %j is refused with %i", async (verb, body, status, message) => {
    expect(toOutcome(await new MockedDaemon().asks(`POST ${V}/swarm/${verb}`, body))).toEqual([status, message]);
  });
});

describe("a swarm", () => {
  test("is initialized once, shown by /info, and left by force", async () => {
    const docker = await initSwarm();
    const { json } = await docker.asks(`GET ${V}/swarm`);
    expect(json.JoinTokens.Worker).toMatch(/^SWMTKN-1-[0-9a-z]{50}-[0-9a-z]{25}$/);
    expect(json.Spec).toMatchObject({ Name: "default", Orchestration: { TaskHistoryRetentionLimit: 5 } });
    const swarm = (await docker.asks(`GET ${V}/info`)).json.Swarm;
    expect(swarm).toMatchObject({ LocalNodeState: "active", Managers: 1, Cluster: { ID: json.ID } });
    expect((await docker.asks(`POST ${V}/swarm/init`, { ListenAddr: "0.0.0.0" })).status).toBe(503);
    expect((await docker.asks(`POST ${V}/swarm/leave`)).status).toBe(503);
    expect((await docker.asks(`POST ${V}/swarm/leave?force=1`)).status).toBe(200);
    expect((await docker.asks(`GET ${V}/info`)).json.Swarm.LocalNodeState).toBe("inactive");
  });

  test("is updated at its latest version; its tokens rotate", async () => {
    const docker = await initSwarm();
    const { Version, JoinTokens } = (await docker.asks(`GET ${V}/swarm`)).json;
    const update = (query: string): Promise<TestResponse> =>
      docker.asks(`POST ${V}/swarm/update?${query}`, { Labels: { a: "b" } });
    expect(toOutcome(await update("version=1"))).toEqual([
      500,
      "rpc error: code = Unknown desc = update out of sequence",
    ]);
    expect((await update("")).status).toBe(400);
    expect((await update(`version=${Version.Index}&rotateWorkerToken=1`)).status).toBe(200);
    const { Spec, JoinTokens: fresh } = (await docker.asks(`GET ${V}/swarm`)).json;
    expect(Spec.Labels).toEqual({ a: "b" });
    expect([fresh.Worker === JoinTokens.Worker, fresh.Manager === JoinTokens.Manager]).toEqual([false, true]);
  });

  test("has one node, which stays its leader and manager", async () => {
    const docker = await initSwarm();
    const [node] = (await docker.asks(`GET ${V}/nodes`)).json;
    expect(node).toMatchObject({ Status: { State: "ready" }, ManagerStatus: { Leader: true, Addr: "127.0.0.1:2377" } });
    const update = `POST ${V}/nodes/${node.ID}/update?version=${node.Version.Index}`;
    expect((await docker.asks(update, { Role: "worker", Availability: "active" })).status).toBe(400);
    expect((await docker.asks(update, { Role: "manager", Availability: "drain", Labels: { a: "b" } })).status).toBe(
      200,
    );
    expect((await docker.asks(`GET ${V}/nodes/docker`)).json.Spec).toMatchObject({ Availability: "drain" });
    expect((await docker.asks(`GET ${V}/nodes?filters={"role":["worker"]}`)).json).toEqual([]);
    expect((await docker.asks(`DELETE ${V}/nodes/${node.ID}`)).status).toBe(400);
    expect((await docker.asks(`DELETE ${V}/nodes/nosuch`)).status).toBe(404);
  });

  test("refuses services instead of pretending to run them", async () => {
    const docker = await initSwarm();
    expect((await docker.asks(`GET ${V}/services`)).json).toEqual([]);
    expect((await docker.asks(`GET ${V}/tasks/x`)).status).toBe(404);
    expect(toOutcome(await docker.asks(`POST ${V}/services/create`, { Name: "x" }))).toEqual([
      501,
      "whalesong's mock does not simulate ServiceCreate",
    ]);
  });
});

describe.each([
  ["secrets", undefined],
  ["configs", "dG9w"],
])("a swarm's %s", (kind, data) => {
  test("are stored, found by name and prefix of an id, relabelled and removed", async () => {
    const docker = await initSwarm();
    const { ID } = (await docker.asks(`POST ${V}/${kind}/create`, TOP)).json;
    const { Version, Spec } = (await docker.asks(`GET ${V}/${kind}/top`)).json;
    expect(Spec).toEqual({ Name: "top", Labels: { a: "b" }, ...(data === undefined ? {} : { Data: data }) });
    const update = `POST ${V}/${kind}/${ID}/update?version=${Version.Index}`;
    expect((await docker.asks(update, { Name: "other" })).status).toBe(400);
    expect((await docker.asks(update, { Name: "top", Labels: { c: "d" } })).status).toBe(200);
    expect((await docker.asks(update, { Name: "top" })).status).toBe(500);
    expect((await docker.asks(`GET ${V}/${kind}?filters={"label":["c=d"],"name":["to"]}`)).json).toHaveLength(1);
    expect((await docker.asks(`DELETE ${V}/${kind}/${ID.slice(0, 8)}`)).status).toBe(204);
    expect((await docker.asks(`GET ${V}/${kind}/top`)).status).toBe(404);
    const events = docker.engine.events.past.filter(({ type }) => `${type}s` === kind);
    expect(events.map(({ action }) => action)).toEqual(["create", "update", "remove"]);
  });

  test.each([
    [TOP, 409],
    [{ Name: "", Data: "dG9w" }, 400],
    [{ Name: "bare" }, 400],
    [{ Name: "_x!", Data: "dG9w" }, 400],
    [{ Name: "far", Driver: { Name: "vault" } }, 500],
  ])("are not made of %j", async (body, status) => {
    const docker = await initSwarm();
    await docker.asks(`POST ${V}/${kind}/create`, TOP);
    expect((await docker.asks(`POST ${V}/${kind}/create`, body)).status).toBe(status);
  });
});
