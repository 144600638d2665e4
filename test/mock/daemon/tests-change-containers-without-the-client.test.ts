import { expect, test } from "vitest";
import type { ContainerStatus } from "../../../src/mock/model/container.ts";
import { encodeTextFrame, request } from "../../playbook/http.ts";
import { waitForQuiet } from "../../playbook/quiet.ts";
import { SimulatedDaemon } from "../../playbook/simulated.ts";

const WEB = { containers: [{ name: "web", image: "busybox" }] } as const;

test("a crash ends a container as if by itself", async () => {
  const mocked = new SimulatedDaemon(WEB);
  const web = mocked.simulation.containers.get("web");
  const waits = mocked.client();
  await waits.sends(request("POST /v1.41/containers/web/wait"));
  await waitForQuiet();
  await web.crash({ exitCode: 139, isOutOfMemory: true });
  expect(await waits.hearsUpTo("139}")).toContain('"StatusCode":139}');
  const { json } = await mocked.asks("GET /v1.41/containers/web/json");
  expect(json.State).toMatchObject({ Status: "exited", ExitCode: 139, OOMKilled: true });
  expect(mocked.simulation.engine.events.past.map(({ action }) => action)).toEqual(
    expect.arrayContaining(["oom", "die"]),
  );
});

test("a restart policy restarts a crashed container", async () => {
  const mocked = new SimulatedDaemon({ containers: [{ name: "web", image: "busybox", restart: "always" }] });
  const web = mocked.simulation.containers.get("web");
  await web.crash({ exitCode: 1 });
  expect(web.status).toBe("restarting");
  mocked.clock.passes(1000);
  await web.until(({ state }) => state.status === "running");
  expect(web.record.restartCount).toBe(1);
});

test("clients that follow the logs get a printed line", async () => {
  const mocked = new SimulatedDaemon(WEB);
  const client = mocked.client();
  await client.sends(request("GET /v1.41/containers/web/logs?follow=1&stdout=1&stderr=1"));
  await client.hearsUpTo("\r\n\r\n");
  await mocked.simulation.containers.get("web").log("ready", "stderr");
  expect(await client.hearsUpTo("ready\n")).toContain(encodeTextFrame("stderr", "ready\n"));
});

test("its processes and clients see a written file", async () => {
  const mocked = new SimulatedDaemon(WEB);
  const web = mocked.simulation.containers.get("web");
  web.writeFile("/srv/new/page", "hello\n");
  expect((await mocked.asks("GET /v1.41/containers/web/archive?path=/srv/new/page")).text).toContain("hello\n");
  expect((await mocked.asks("GET /v1.41/containers/web/changes")).json).toContainEqual({
    Path: "/srv/new/page",
    Kind: 1,
  });
});

test("clients see each change: started, stopped, killed, paused, removed", async () => {
  const mocked = new SimulatedDaemon(WEB);
  const seen: (ContainerStatus | "gone")[] = [];
  mocked.simulation.on("container", ({ after }) => seen.push(after?.state.status ?? "gone"));
  const web = mocked.simulation.containers.get("web");
  web.pause();
  web.unpause();
  await web.kill();
  web.start();
  await waitForQuiet();
  await web.stop(1);
  await web.remove();
  expect(seen.filter((status, index) => status !== seen[index - 1])).toEqual([
    "paused",
    "running",
    "exited",
    "running",
    "exited",
    "gone",
  ]);
  expect(web.isRemoved).toBe(true);
  expect(() => web.name).toThrow("No such container");
});

test("an impossible change fails as it fails for a client", async () => {
  const { containers } = new SimulatedDaemon(WEB).simulation;
  expect(() => containers.get("db")).toThrow(
    expect.objectContaining({ status: 404, message: "No such container: db" }),
  );
  expect(() => containers.get("web").unpause()).toThrow(/is not paused/);
  expect(() => containers.add({ name: "web", image: "x" })).toThrow(
    expect.objectContaining({ code: "WHALESONG_BAD_STATE" }),
  );
  expect(containers.add({ name: "db", image: "x", state: "exited" }).status).toBe("exited");
  expect([...containers].map(({ name }) => name)).toEqual(["web", "db"]);
});

test("a reset restores the initial state, to the byte", async () => {
  const mocked = new SimulatedDaemon(WEB);
  const { text: before } = await mocked.asks("GET /v1.41/containers/web/json");
  await mocked.asks("DELETE /v1.41/containers/web?force=1");
  mocked.simulation.containers.add({ name: "db", image: "x" });
  mocked.simulation.reset();
  expect(mocked.simulation.calls).toHaveLength(0);
  expect((await mocked.asks("GET /v1.41/containers/web/json")).text).toBe(before);
  expect([...mocked.simulation.containers].map(({ name }) => name)).toEqual(["web"]);
  await waitForQuiet();
  mocked.simulation.end();
  await waitForQuiet();
  expect(mocked.simulation.containers.get("web").status).toBe("exited");
});
