import Docker from "dockerode";
import { expect, it, onTestFinished } from "vitest";
import { dockerodePlain } from "../../scripts/clients/dockerode-plain.js";
import { dockerodeRun, pull, spoken } from "../../scripts/clients/dockerode-run.js";
import { replayCassettes } from "../../src/modes/replay.ts";
import type { RunningServer } from "../../src/modes/service.ts";
import type { ReplayReport } from "../../src/replay/report.ts";
import { goldenPath } from "../golden/cassettes.ts";

type Session = (docker: Docker) => AsyncIterable<{ readonly did: string; readonly saw: string }>;

it("pulls, runs, attaches with stdin, waits, reads logs, lists and removes", async () => {
  expect(await observe("dockerode-run", dockerodeRun)).toEqual([
    ["ping", "OK"],
    ["pull busybox", "Status: Downloaded newer image for busybox:latest"],
    ["attach to web, start it", "running"],
    ["say two lines, end stdin", "hello\ntwo lines\n"],
    ["wait for web", "exit status 0"],
    ["read its logs", "hello\ntwo lines\n"],
    ["list all containers", "/web exited"],
    ["remove it, look for it", "No such container: web"],
  ]);
});

it("attaches and executes without Upgrade, framed and on a terminal", async () => {
  expect(await observe("dockerode-plain", dockerodePlain)).toEqual([
    ["exec", "from exec, exit status 3"],
    ["exec with a terminal", '"from a terminal\\r\\n"'],
    ["attach", "stdout: out, stderr: err"],
    ["wait", "exit status 0"],
  ]);
});

it("may ask for what the docker CLI recorded, and spell it its own way", async () => {
  const { docker } = await startReplay("logs-follow", { version: "v1.51" });
  await docker.getContainer("web").start();
  const { Id, State } = await docker.getContainer("web").inspect();
  expect(State.Status).toBe("running");
  // The CLI said `follow=1`, and sorted its query.
  const options = { follow: true, stdout: true, stderr: true, tail: "all" as never } as const;
  expect(await spoken(docker, await docker.getContainer(Id).logs(options))).toEqual({
    out: "line 1\nline 2\nline 3\n",
    err: "ls: /the/end: No such file or directory\n",
  });
});

it("pulls as often as was recorded, and not once more", async () => {
  const { docker } = await startReplay("dockerode-run");
  expect(await pull(docker, "busybox:latest")).toMatch("Downloaded newer image");
  await expect(pull(docker, "busybox:latest")).rejects.toMatchObject({
    statusCode: 501,
    message: expect.stringContaining("was played already"),
  });
});

it("is told what was not recorded, in the daemon's voice", async () => {
  const { docker, running } = await startReplay("ping");
  await expect(docker.getContainer("web").inspect()).rejects.toMatchObject({
    statusCode: 501,
    json: { message: expect.stringContaining("GET /containers/web/json") },
  });
  expect((await running.stop()).missed).toHaveLength(1);
});

/** What a session sees when it is replayed; everything that was recorded must have been asked for. */
async function observe(cassette: string, session: Session): Promise<readonly (readonly [string, string])[]> {
  const { docker, running } = await startReplay(cassette);
  const steps: (readonly [string, string])[] = [];
  for await (const { did, saw } of session(docker)) steps.push([did, saw]);
  const report = await running.stop();
  expect(report).toMatchObject({ played: report.exchanges, missed: [], unplayed: [], stalled: [], differing: [] });
  return steps;
}

async function startReplay(
  cassette: string,
  options: Docker.DockerOptions = {},
): Promise<{ docker: Docker; running: RunningServer<ReplayReport> }> {
  const running = await replayCassettes({ cassettes: [goldenPath(cassette)] });
  onTestFinished(async () => void (await running.stop()));
  return { docker: new Docker({ ...options, socketPath: running.url.slice("unix://".length) }), running };
}
