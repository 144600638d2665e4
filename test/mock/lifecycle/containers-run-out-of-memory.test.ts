import { expect, test } from "vitest";
import type { Behaviour } from "../../../src/mock/runtime/behaviours/behaviour.ts";
import { parseBehaviours } from "../../../src/mock/runtime/behaviours/parse-behaviours.ts";
import { MockedDaemon } from "../../playbook/mocked.ts";

const KILLED = { Status: "exited", ExitCode: 137, OOMKilled: true };

async function stateOf(docker: MockedDaemon, id: string): Promise<object> {
  return (await docker.asks(`GET /v1.41/containers/${id}/json`)).json.State;
}

function listActions(docker: MockedDaemon): string[] {
  return docker.engine.events.past.flatMap(({ type, action }) => (type === "container" ? [action] : []));
}

async function waitForEnd(docker: MockedDaemon, id: string): Promise<void> {
  await docker.asks(`POST /v1.41/containers/${id}/wait`);
}

test.each<[string, readonly Behaviour[]]>([
  ["a script", parseBehaviours("- {image: busybox, does: working, exit: oom}", "b.yaml")],
  ["a function", [{ image: "busybox", does: ({ runOutOfMemory }) => runOutOfMemory() }]],
  ["a function that waited", [{ image: "busybox", does: async (self) => self.runOutOfMemory() }]],
])("%s runs out of memory", async (_what, behaviours) => {
  const docker = new MockedDaemon({ behaviours });
  const id = await docker.runs("");
  expect(await stateOf(docker, id)).toMatchObject(KILLED);
  expect(listActions(docker)).toEqual(["create", "start", "oom", "die"]);
  expect(docker.faults).toEqual([]);
});

test("a command that reads an endless line runs out of memory", async () => {
  const docker = new MockedDaemon();
  const id = await docker.runs("exec tail /dev/zero");
  await waitForEnd(docker, id);
  expect(await stateOf(docker, id)).toMatchObject(KILLED);
});

test("a child's end does not end its parent, but marks the container", async () => {
  const docker = new MockedDaemon();
  const id = await docker.runs("tail /dev/zero; echo $?; exit 3");
  await waitForEnd(docker, id);
  expect(await docker.readsLogs(id)).toContain("137\n");
  expect(await stateOf(docker, id)).toMatchObject({ Status: "exited", ExitCode: 3, OOMKilled: true });
});

test("the next run is not marked", async () => {
  const docker = new MockedDaemon();
  const id = await docker.runs("[ -e /once ] && exit 0; touch /once; tail /dev/zero; exit 9");
  await waitForEnd(docker, id);
  await docker.asks(`POST /v1.41/containers/${id}/start`);
  await docker.asks(`POST /v1.41/containers/${id}/wait`);
  expect(await stateOf(docker, id)).toMatchObject({ ExitCode: 0, OOMKilled: false });
});
