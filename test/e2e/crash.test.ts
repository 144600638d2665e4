import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { importBusybox, startPrivateDaemon } from "../../scripts/private-daemon.js";
import { folderForAll } from "./folder.ts";
import { ask, dial, head, type Line } from "./line.ts";
import { runWhalesong, startWhalesong, type Whalesong } from "./whalesong.ts";

/** What `check` says of a recording that was killed: its exchanges are whole, and it is named, for it has only a part. */
const UNFINISHED_BUT_WHOLE = {
  status: 1,
  stderr: expect.stringMatching(
    /3 exchanges.*its recording is unfinished.*\[WHALESONG_UNFINISHED_CASSETTE\]/,
  ) as string,
};
const LOGS = "GET /v1.41/containers/ticker/logs?follow=1&stdout=1";
const folder = folderForAll();
let daemon: Awaited<ReturnType<typeof startPrivateDaemon>>;

beforeAll(async () => {
  daemon = await startPrivateDaemon();
  await importBusybox(daemon.url, "busybox:latest");
  const docker = new Docker({ socketPath: socketOf(daemon) });
  const speaker = { Image: "busybox", Cmd: ["sh", "-c", "echo tick; echo tock; exec sleep 600"] };
  await (await docker.createContainer({ name: "ticker", ...speaker })).start();
});

afterAll(() => daemon.stop());

describe("a recorder that is killed with -9 in mid-session", () => {
  test("leaves a cassette with all that had ended, which can be played", async () => {
    const cassette = join(folder, "killed.yaml");
    const { answers } = await killedSession(cassette);
    expect(await runWhalesong("check", cassette)).toMatchObject(UNFINISHED_BUT_WHOLE);
    const replayer = await startWhalesong("replay", cassette);
    expect(await threeAnswers(replayer.socket)).toEqual(answers);
    expect(await replayer.stop()).toMatchObject({ status: 0, stderr: expect.stringMatching(/(\d+) of \1 replayed/) });
  });

  test("leaves the cassette there was as it was, and what it had recorded beside it", async () => {
    const cassette = join(folder, "twice.yaml");
    const first = await startWhalesong("record", cassette, "--upstream", daemon.url);
    await ask(first.socket, "GET /_ping");
    await first.stop();
    const before = readFileSync(cassette);
    const { answers } = await killedSession(cassette);
    expect(readFileSync(cassette)).toEqual(before);
    const beside = `${cassette}.recording`;
    expect(await runWhalesong("check", cassette)).toMatchObject({ status: 0 });
    expect(await runWhalesong("check", beside)).toMatchObject(UNFINISHED_BUT_WHOLE);
    const replayer = await startWhalesong("replay", beside);
    expect(await threeAnswers(replayer.socket)).toEqual(answers);
    await replayer.stop();
  });

  test("does not stand in the way of the next recording", async () => {
    const cassette = join(folder, "again.yaml");
    await killedSession(cassette);
    const next = await startWhalesong("record", cassette, "--upstream", daemon.url);
    await ask(next.socket, "GET /_ping");
    expect(await next.stop()).toMatchObject({ status: 0, stderr: expect.stringContaining("saved 1 request") });
    expect(await runWhalesong("check", cassette)).toMatchObject({
      status: 0,
      stderr: expect.stringContaining("1 exchange"),
    });
    expect(readdirSync(folder).filter((name) => name.startsWith("again"))).toEqual(["again.yaml"]);
  });
});

describe.each(["SIGINT", "SIGTERM"] as const)("a recorder without a command that is sent one %s", (signal) => {
  test("finishes: nothing is lost, and the stream that was open is marked as cut", async () => {
    const cassette = join(folder, `${signal}.yaml`);
    const recorder = await startWhalesong("record", cassette, "--upstream", daemon.url);
    const answers = await threeAnswers(recorder.socket);
    const logs = await openLogs(recorder.socket);
    const { status, stderr } = await recorder.stop(signal);
    logs.leave();
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringMatching(/saved 4 requests to .* \| 1 cut/) });
    expect(await runWhalesong("check", cassette)).toMatchObject({
      status: 0,
      stderr: expect.stringMatching(/^good .*4 exchanges/),
    });
    expect(readFileSync(cassette, "utf8")).toMatch(/- stdout: .*\n(?:.*\n)*? {2}- cut/);
    const replayer = await startWhalesong("replay", cassette);
    expect(await threeAnswers(replayer.socket)).toEqual(answers);
    (await openLogs(replayer.socket)).leave();
    await replayer.stop();
  });
});

describe("a daemon that is killed in mid-stream", () => {
  const cassette = join(folder, "died.yaml");
  let recorder: Whalesong;
  let orphan: Whalesong;
  let direct: Heard;
  let recorded: Heard;

  beforeAll(async () => {
    recorder = await startWhalesong("record", cassette, "--upstream", daemon.url);
    orphan = await startWhalesong("record", join(folder, "orphan.yaml"), "--upstream", daemon.url);
    const lines = [await openLogs(socketOf(daemon)), await openLogs(recorder.socket)] as const;
    process.kill(pidOf(daemon), "SIGKILL");
    [direct, recorded] = await Promise.all([heardOf(lines[0]), heardOf(lines[1])]);
  });

  test("looks to the client of the recorder as it looks to the daemon's own", () => {
    expect(recorded).toEqual(direct);
  });

  test("is told in the recording, and its last word comes again in the replay", async () => {
    expect(await recorder.stop()).toMatchObject({ status: 0 });
    expect(readFileSync(cassette, "utf8")).toMatch(direct.ending === "eof" ? /- eof: daemon/ : /- reset/);
    const replayer = await startWhalesong("replay", cassette);
    expect(await heardOf(await openLogs(replayer.socket))).toEqual(recorded);
    await replayer.stop();
  });

  test("leaves a recorder that tells its clients what is wrong", async () => {
    expect(await ask(orphan.socket, "GET /_ping")).toMatch(/^HTTP\/1\.1 502 .*"message":"whalesong: /s);
    const stderr = expect.stringContaining("1 request came, and none was answered to its end") as string;
    expect(await orphan.stop()).toMatchObject({ status: 1, stderr });
  });
});

interface Heard {
  readonly text: string;
  readonly ending: "eof" | "reset";
}

/** Three exchanges that end and one that does not; then the recorder is killed. */
async function killedSession(cassette: string): Promise<{ answers: readonly string[] }> {
  // Nobody tidies up behind one that is killed: its socket goes with our folder.
  const listen = `unix://${join(folder, "killed.sock")}`;
  const recorder = await startWhalesong("record", cassette, "--upstream", daemon.url, "--listen", listen);
  const answers = await threeAnswers(recorder.socket);
  const logs = await openLogs(recorder.socket);
  const { signal } = await recorder.stop("SIGKILL");
  logs.leave();
  expect(signal).toBe("SIGKILL");
  return { answers };
}

async function threeAnswers(socket: string): Promise<string[]> {
  const asked = ["GET /_ping", "GET /v1.41/containers/ticker/json", "GET /v1.41/containers/nobody/json"];
  const answers: string[] = [];
  for (const start of asked) answers.push(withoutDate(await ask(socket, start)));
  return answers;
}

async function openLogs(socket: string): Promise<Line> {
  const line = await dial(socket);
  line.say(head(LOGS));
  await line.hears("tock\n");
  return line;
}

async function heardOf(line: Line): Promise<Heard> {
  const ending = await line.ending;
  line.leave();
  return { text: withoutDate(line.heard.toString("latin1")), ending };
}

function withoutDate(text: string): string {
  return text.replace(/^Date: .*\r\n/gm, "");
}

function socketOf({ url }: { readonly url: string }): string {
  return url.replace("unix://", "");
}

/** The daemon's process, as this machine counts them; it lives in a namespace of its own. */
function pidOf({ url }: { readonly url: string }): number {
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const words = commandOf(pid);
    if (/(^|\/)dockerd$/.test(words[0] ?? "") && words.includes(url)) return Number(pid);
  }
  throw new Error(`no dockerd listens at ${url}`);
}

function commandOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return []; // it has ended meanwhile
  }
}
