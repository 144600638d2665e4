import { expect, test } from "vitest";
import { VirtualClock } from "../../../src/userland/time/virtual-clock.ts";
import { MockedDaemon } from "../../playbook/mocked.ts";
import { waitForQuiet } from "../../playbook/quiet.ts";
import { TestClock } from "../../playbook/test-clock.ts";

const START = Date.parse("2026-11-20T12:00:00Z");

class Dormitory {
  readonly clock = new TestClock();
  readonly time = new VirtualClock(this.clock, START);
  /** Who woke, and when it was for them. */
  readonly woken: string[] = [];

  async sleeps(name: string, ...naps: readonly number[]): Promise<void> {
    for (const ms of naps) await this.time.sleep(ms);
    this.woken.push(`${name} at ${Number(this.time.now() / 1_000_000n) - START}`);
  }

  async passes(ms: number): Promise<void> {
    this.clock.passes(ms);
    await waitForQuiet();
  }
}

test("a machine that was late wakes everybody at his time, and in his turn", async () => {
  const room = new Dormitory();
  void room.sleeps("late", 300);
  void room.sleeps("twice", 100, 100);
  void room.sleeps("early", 150);
  await room.passes(1000);
  await room.passes(1000);
  expect(room.woken).toEqual(["early at 150", "twice at 200", "late at 300"]);
});

test("who is to wake at the same time wakes in the order of lying down", async () => {
  const room = new Dormitory();
  for (const name of ["a", "b", "c"]) void room.sleeps(name, 50);
  await room.passes(50);
  expect(room.woken).toEqual(["a at 50", "b at 50", "c at 50"]);
});

test("where much has happened meanwhile, who slept longer is not woken before", async () => {
  const room = new Dormitory();
  void room.sleeps("first", 500);
  for (let times = 0; times < 450; times += 1) room.time.stamp();
  void room.sleeps("second", 100);
  await room.passes(100);
  expect(room.woken).toEqual(["first at 500", "second at 550"]);
});

test("who is called away moves nobody's time", async () => {
  const room = new Dormitory();
  const away = new AbortController();
  const sleep = room.time.sleep(5000, away.signal);
  void room.sleeps("other", 100);
  away.abort();
  await sleep;
  await room.passes(5000);
  expect(room.woken).toEqual(["other at 100"]);
});

test("a moment, and whoever takes turns, is waited for; a sleep is not", async () => {
  const room = new Dormitory();
  const heard: string[] = [];
  void room.time.sleep(1000).then(() => heard.push("slept"));
  void room.time.delay(10).then(async () => {
    for (let turns = 0; turns < 50; turns += 1) await room.time.yieldTurn();
    heard.push("begun");
  });
  const settled = room.time.waitUntilSettled().then(() => heard.push("settled"));
  await waitForQuiet();
  expect(heard).toEqual([]);
  room.clock.passes(10);
  await settled;
  expect(heard).toEqual(["begun", "settled"]);
});

test("who never comes to rest is waited for once, and hardly again", async () => {
  const { time } = new Dormitory();
  let [turns, isOver] = [0, false];
  const busy = async (): Promise<void> => {
    for (; !isOver; turns += 1) await time.yieldTurn();
  };
  const ends = busy();
  await time.waitUntilSettled();
  const first = turns;
  await time.waitUntilSettled();
  expect(turns - first).toBeLessThan(first / 10);
  isOver = true;
  await ends;
  await time.waitUntilSettled();
});

test("a request waits for a container that has been started to begin, and to come to rest", async () => {
  const docker = new MockedDaemon({ startupMs: 10 });
  const { json } = await docker.asks("POST /v1.41/containers/create", { Image: "busybox", Cmd: ["seq", "5000"] });
  await docker.asks(`POST /v1.41/containers/${json.Id}/start`);
  const logs = docker.readsLogs(json.Id);
  // A moment to begin, and one to end.
  await docker.passes(20, 10);
  expect((await logs).split("\n")).toHaveLength(5001);
  expect(docker.engine.containers.get(json.Id)?.state.status).toBe("exited");
});

/** What a container is told of that is started beside one that comes back again and again, and is not healthy. */
async function startedAfter(ms: number): Promise<unknown> {
  const docker = new MockedDaemon();
  await docker.runs("sleep 0.1; exit 1", {
    HostConfig: { RestartPolicy: { Name: "always" }, PublishAllPorts: true },
    ExposedPorts: { "80/tcp": {} },
  });
  await docker.runs("sleep 600", { Healthcheck: { Test: ["CMD", "false"], Interval: 200_000_000 } });
  await docker.passes(ms, 50);
  const id = await docker.runs("sleep 600", { HostConfig: { PublishAllPorts: true }, ExposedPorts: { "80/tcp": {} } });
  const exec = await docker.asks(`POST /v1.41/containers/${id}/exec`, { Cmd: ["true"] });
  const { json } = await docker.asks(`GET /v1.41/containers/${id}/json`);
  const { Ports, SandboxID, EndpointID } = json.NetworkSettings;
  return { id, exec: exec.json.Id, pid: json.State.Pid, Ports, SandboxID, EndpointID };
}

test("what clients make is called the same, however often the clock made something before", async () => {
  expect(await startedAfter(3000)).toEqual(await startedAfter(50));
});
