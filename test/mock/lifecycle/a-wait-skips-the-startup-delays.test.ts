import { expect, test } from "vitest";
import { MockedDaemon } from "../../playbook/mocked.ts";
import { waitForQuiet } from "../../playbook/quiet.ts";

const V = "/v1.41/containers";
const STARTUP_MS = 10;

interface Case {
  /** Requests before the start, and between it and the wait; `{id}` is the container's. They stay open. */
  readonly before?: readonly string[];
  readonly between?: readonly string[];
  /** The query of the wait. */
  readonly wait: string;
  readonly isTicking?: boolean;
  readonly skips: boolean;
}

const NEXT_EXIT = `POST ${V}/{id}/wait?condition=next-exit`;
const ATTACH = `POST ${V}/{id}/attach?stream=1&stdout=1`;
const FOLLOW = `GET ${V}/{id}/logs?stdout=1&follow=1`;

const CASES: Readonly<Record<string, Case>> = {
  "a wait without a condition": { wait: "", skips: true },
  "a wait for not-running": { wait: "?condition=not-running", skips: true },
  "a wait, with one before the start": { before: [NEXT_EXIT], wait: "", skips: true },
  "a wait for the next exit": { wait: "?condition=next-exit", skips: false },
  "a wait for the removal": { wait: "?condition=removed", skips: false },
  "a wait of a client that attached before the start": { before: [ATTACH], wait: "", skips: false },
  "a wait of a client that attached after the start": { between: [ATTACH], wait: "", skips: false },
  "a wait of a client that follows the log": { between: [FOLLOW], wait: "", skips: false },
  "a wait in a repeatable run": { wait: "", isTicking: true, skips: false },
};

async function sendOpen(docker: MockedDaemon, requests: readonly string[], id: string): Promise<void> {
  for (const line of requests)
    await docker.client().sends(`${line.replace("{id}", id)} HTTP/1.1\r\nHost: d\r\nContent-Length: 0\r\n\r\n`);
  await waitForQuiet();
}

for (const [name, { before = [], between = [], wait, isTicking = false, skips }] of Object.entries(CASES)) {
  test(`${name} ${skips ? "skips the delays" : "leaves the delays as they are"}`, async () => {
    const docker = new MockedDaemon({ startupMs: STARTUP_MS, isTicking });
    const { json } = await docker.asks(`POST ${V}/create`, { Image: "busybox", Cmd: ["sh", "-c", "echo a; exit 3"] });
    await sendOpen(docker, before, json.Id);
    await docker.asks(`POST ${V}/${json.Id}/start`);
    await sendOpen(docker, between, json.Id);
    const status = (): string | undefined => docker.engine.containers.get(json.Id)?.state.status;
    expect(status()).toBe("running");
    await sendOpen(docker, [`POST ${V}/{id}/wait${wait}`], json.Id);
    expect(status()).toBe(skips ? "exited" : "running");
    await docker.passes(2 * STARTUP_MS, STARTUP_MS);
    expect(docker.engine.containers.get(json.Id)?.state).toMatchObject({ status: "exited", exitCode: 3 });
    expect(await docker.readsLogs(json.Id)).toBe("a\n");
  });
}

test("a wait that skips the delays is answered after the end was reported", async () => {
  const docker = new MockedDaemon({ startupMs: STARTUP_MS, isTicking: false });
  const id = await docker.runs("exit 3");
  const client = docker.client();
  await client.sends(`POST ${V}/${id}/wait HTTP/1.1\r\nHost: d\r\n\r\n`);
  expect(await client.hearsUpTo("0\r\n\r\n")).toContain('"StatusCode":3');
  const actions = docker.engine.events.past.map(({ action }) => action);
  expect(actions.filter((action) => ["create", "start", "die"].includes(action))).toEqual(["create", "start", "die"]);
});

test("each run has delays of its own", async () => {
  const docker = new MockedDaemon({ startupMs: STARTUP_MS, isTicking: false });
  const id = await docker.runs("exit 3");
  await sendOpen(docker, [`POST ${V}/{id}/wait`], id);
  await docker.asks(`POST ${V}/${id}/start`);
  await waitForQuiet();
  expect(docker.engine.containers.get(id)?.state.status).toBe("running");
});
