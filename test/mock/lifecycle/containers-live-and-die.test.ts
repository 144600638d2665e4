import { describe, expect, test } from "vitest";
import { MockedDaemon } from "../../playbook/mocked.ts";
import { waitForQuiet } from "../../playbook/quiet.ts";

const V = "/v1.41/containers";

async function stateOf(docker: MockedDaemon, id: string) {
  const { json } = await docker.asks(`GET ${V}/${id}/json`);
  return json.State;
}

function listActions(docker: MockedDaemon, type = "container"): string[] {
  return docker.engine.events.past.filter((event) => event.type === type).map(({ action }) => action);
}

describe("a container", () => {
  test("is created, started, and ends with its command's status", async () => {
    const docker = new MockedDaemon();
    const id = await docker.runs("exit 7");
    expect(await stateOf(docker, id)).toMatchObject({ Status: "exited", Running: false, ExitCode: 7, Pid: 0 });
    expect(listActions(docker)).toEqual(["create", "start", "die"]);
    expect(listActions(docker, "network")).toEqual(["connect", "disconnect"]);
  });

  test("shows its limits and mounts in /sys, /proc and commands", async () => {
    const docker = new MockedDaemon();
    const HostConfig = {
      Memory: 64 << 20,
      Ulimits: [{ Name: "nofile", Soft: 100, Hard: 200 }],
      Tmpfs: { "/scratch": "rw" },
    };
    const script = "cat /sys/fs/cgroup/memory/memory.limit_in_bytes; ulimit -n; mount | grep scratch; uptime";
    expect((await docker.readsLogs(await docker.runs(script, { HostConfig }))).split("\n")).toEqual([
      "67108864",
      "100",
      "tmpfs on /scratch type tmpfs (rw,relatime)",
      expect.stringMatching(/^ 12:00:\d\d up 0 min, {2}0 users, {2}load average: [\d., ]+$/),
      "",
    ]);
  });

  test("that ignores the stop signal is killed after the timeout", async () => {
    const docker = new MockedDaemon();
    const id = await docker.runs("exec sleep 600");
    const stopping = docker.asks(`POST ${V}/${id}/stop?t=3`);
    await docker.passes(2900);
    expect(await stateOf(docker, id)).toMatchObject({ Status: "running" });
    await docker.passes(200);
    expect((await stopping).status).toBe(204);
    expect(await stateOf(docker, id)).toMatchObject({ Status: "exited", ExitCode: 137 });
    expect(listActions(docker)).toEqual(["create", "start", "kill", "kill", "die", "stop"]);
  });

  test("that traps the signal ends by itself", async () => {
    const docker = new MockedDaemon();
    const id = await docker.runs("trap 'echo bye; exit 9' TERM; while :; do sleep 0.1; done");
    const stopping = docker.asks(`POST ${V}/${id}/stop`);
    await docker.passes(300);
    expect((await stopping).status).toBe(204);
    expect(await stateOf(docker, id)).toMatchObject({ ExitCode: 9 });
    expect(await docker.readsLogs(id)).toBe("bye\n");
  });

  test("that is paused stands still until it is unpaused", async () => {
    const docker = new MockedDaemon();
    const id = await docker.runs("sleep 1; echo woke");
    await docker.asks(`POST ${V}/${id}/pause`);
    await docker.passes(5000);
    expect(await docker.readsLogs(id)).toBe("");
    expect(await stateOf(docker, id)).toMatchObject({ Status: "paused", Running: true, Paused: true });
    await docker.asks(`POST ${V}/${id}/unpause`);
    await waitForQuiet();
    expect(await docker.readsLogs(id)).toBe("woke\n");
  });

  test("restarts on failure up to its limit, with growing delays", async () => {
    const docker = new MockedDaemon();
    const HostConfig = { RestartPolicy: { Name: "on-failure", MaximumRetryCount: 2 } };
    const id = await docker.runs("echo again; exit 3", { HostConfig });
    expect(await stateOf(docker, id)).toMatchObject({ Status: "restarting", Restarting: true, ExitCode: 3 });
    await docker.passes(1000);
    const { json } = await docker.asks(`GET ${V}/${id}/json`);
    expect(json.State).toMatchObject({ Status: "exited", ExitCode: 3 });
    expect(json.RestartCount).toBe(2);
    expect(await docker.readsLogs(id)).toBe("again\nagain\nagain\n");
  });

  test("does not restart after a client has stopped it", async () => {
    const docker = new MockedDaemon();
    const id = await docker.runs("exec sleep 600", { HostConfig: { RestartPolicy: { Name: "always" } } });
    await docker.asks(`POST ${V}/${id}/kill`);
    await docker.passes(2000);
    expect(await stateOf(docker, id)).toMatchObject({ Status: "exited", ExitCode: 137 });
  });

  test("with AutoRemove is removed at its end, which resolves waits for the removal", async () => {
    const docker = new MockedDaemon();
    const create = await docker.asks(`POST ${V}/create`, {
      Image: "busybox",
      Cmd: ["sh", "-c", "exit 4"],
      HostConfig: { AutoRemove: true },
      Volumes: { "/data": {} },
    });
    const waiting = docker.client();
    await waiting.sends(`POST ${V}/${create.json.Id}/wait?condition=removed HTTP/1.1\r\nHost: d\r\n\r\n`);
    await docker.asks(`POST ${V}/${create.json.Id}/start`);
    expect(await waiting.hearsUpTo("0\r\n\r\n")).toContain('{"Error":null,"StatusCode":4}');
    expect((await docker.asks(`GET ${V}/${create.json.Id}/json`)).status).toBe(404);
    expect(docker.engine.volumes.size).toBe(0);
  });

  test("sends the head of a wait before the container ends", async () => {
    const docker = new MockedDaemon();
    const id = await docker.runs("sleep 1");
    const client = docker.client();
    await client.sends(`POST ${V}/${id}/wait HTTP/1.1\r\nHost: d\r\n\r\n`);
    expect(await client.hearsUpTo("\r\n\r\n")).toContain("200 OK");
    await client.hearsNothing();
    await docker.passes(1100);
    expect(await client.hearsUpTo("0\r\n\r\n")).toContain('"StatusCode":0');
  });

  test("ends a wait whose client leaves", async () => {
    const docker = new MockedDaemon();
    const id = await docker.runs("sleep 10");
    const { json } = await docker.asks(`POST ${V}/${id}/wait`);
    expect(json).toEqual({ Error: { Message: "context canceled" }, StatusCode: -1 });
  });
});

describe("health", () => {
  test("is checked at intervals", async () => {
    const docker = new MockedDaemon();
    const Healthcheck = { Test: ["CMD-SHELL", "test -e /well"], Interval: 1e9, Retries: 2 };
    const id = await docker.runs("sleep 2.5; touch /well; sleep 600", { Healthcheck });
    const health = async (): Promise<string> => (await stateOf(docker, id)).Health.Status;
    expect(await health()).toBe("starting");
    await docker.passes(1100);
    expect(await health()).toBe("starting");
    await docker.passes(1000);
    expect(await health()).toBe("unhealthy");
    await docker.passes(1000);
    expect(await health()).toBe("healthy");
    expect(listActions(docker).filter((action) => action.startsWith("health_status"))).toEqual([
      "health_status: unhealthy",
      "health_status: healthy",
    ]);
  });

  test("counts a check that times out as failed", async () => {
    const docker = new MockedDaemon();
    const Healthcheck = { Test: ["CMD", "sleep", "60"], Interval: 1e9, Timeout: 1e9, Retries: 1 };
    const id = await docker.runs("sleep 600", { Healthcheck });
    await docker.passes(2500);
    const { Health } = await stateOf(docker, id);
    expect(Health).toMatchObject({ Status: "unhealthy", FailingStreak: 1 });
    expect(Health.Log[0]).toMatchObject({ ExitCode: -1, Output: "Health check exceeded timeout (1s)" });
  });
});

test("two engines with the same seed have the same ids and names", async () => {
  const answers = async (seed: string): Promise<string[]> => {
    const docker = new MockedDaemon({ seed });
    const id = await docker.runs("echo hello");
    const texts = ["json", "logs?stdout=1&timestamps=1"].map(
      async (what) => (await docker.asks(`GET ${V}/${id}/${what}`)).text,
    );
    return Promise.all(texts);
  };
  expect(await answers("one")).toEqual(await answers("one"));
  expect(await answers("one")).not.toEqual(await answers("other"));
});
