/** The modes over real sockets and a real disk, the daemon played by a test. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/io/clock.ts";
import { listen } from "../../src/io/listen/listen.ts";
import { connect } from "../../src/io/upstream/connect.ts";
import { parseUpstream, type Upstream } from "../../src/io/upstream/upstream.ts";
import { type RecordOptions, record } from "../../src/modes/record.ts";
import { type ReplayOptions, replayCassettes } from "../../src/modes/replay.ts";
import { forward } from "../../src/record/forward.ts";
import { noStore } from "../../src/record/no-store.ts";
import { Recording } from "../../src/record/recording.ts";
import { createDaemon } from "../../src/session/daemon.ts";
import { catchError, createTemporaryFolder } from "../io/temporary.ts";
import { encodeJsonAnswer, NO_CONTENT, request } from "../playbook/http.ts";
import { Peer } from "../playbook/peer.ts";

/** A daemon on a socket that answers with the target and how often it was asked for. */
async function startFakeDaemon(folder: string): Promise<{ upstream: Upstream; asked: string[] }> {
  const asked: string[] = [];
  const answers = createDaemon(async (call) => {
    const { method, target } = call.head;
    asked.push(`${method} ${target}`);
    const times = asked.filter((line) => line === asked.at(-1)).length;
    for await (const _ of call.readBody());
    await call.connection.write(
      Buffer.from(method === "POST" ? NO_CONTENT : encodeJsonAnswer("200 OK", `"${target} ${times}"\n`)),
    );
    return true;
  });
  const listener = await listen(`unix://${join(folder, "daemon.sock")}`, answers);
  onTestFinished(() => listener.close());
  return { upstream: parseUpstream(listener.url), asked };
}

interface Running {
  readonly url: string;
  stop(): Promise<unknown>;
}

async function startRecording(options: RecordOptions): ReturnType<typeof record> {
  return stopAtEnd(await record(options));
}

async function startReplay(options: ReplayOptions): ReturnType<typeof replayCassettes> {
  return stopAtEnd(await replayCassettes(options));
}

function stopAtEnd<T extends Running>(running: T): T {
  onTestFinished(() => running.stop().then(() => undefined));
  return running;
}

async function createClient({ url }: { readonly url: string }): Promise<Peer> {
  const client = new Peer(await connect(parseUpstream(url)));
  onTestFinished(() => client.connection.reset());
  return client;
}

async function getPath(client: Peer, target: string, times: number): Promise<void> {
  await client.sends(request(`GET ${target}`));
  const heard = await client.hearsUpTo(`"${target} ${times}"\n`);
  expect(heard).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
}

async function postPath(client: Peer, target: string): Promise<void> {
  await client.sends(request(`POST ${target}`));
  expect(await client.hearsUpTo("\r\n\r\n")).toMatch(/^HTTP\/1\.1 204 No Content\r\n/);
}

async function isMissed(client: Peer, line: string): Promise<void> {
  await client.sends(request(line));
  expect(await client.hearsUpTo("}\n")).toMatch(/^HTTP\/1\.1 501 /);
}

const START = "/v1.41/containers/web/start";
const INSPECT = "/v1.41/containers/web/json";

test("record puts a cassette in place, replay plays it without the daemon, at any pace of polling", async () => {
  const folder = createTemporaryFolder();
  const cassette = join(folder, "run.yaml");
  const { upstream, asked } = await startFakeDaemon(folder);
  const recorder = await startRecording({ cassette, upstream });
  const client = await createClient(recorder);
  await getPath(client, INSPECT, 1);
  await postPath(client, START);
  await getPath(client, INSPECT, 2);
  const report = await recorder.stop();
  expect(report).toMatchObject({ exchanges: 3, truncated: 0, dropped: 0, problem: undefined });
  expect(await recorder.stop()).toBe(report);
  expect(asked).toHaveLength(3);
  expect(readdirSync(folder).sort()).toEqual(["daemon.sock", "run.yaml"]);

  const before = readFileSync(cassette, "utf8");
  const player = await startReplay({ cassettes: [cassette] });
  const other = await createClient(player);
  for (let poll = 0; poll < 3; poll += 1) await getPath(other, INSPECT, 1);
  await postPath(other, START);
  for (let poll = 0; poll < 3; poll += 1) await getPath(other, INSPECT, 2);
  await isMissed(other, "GET /v1.41/info");
  expect(await player.stop()).toMatchObject({
    exchanges: 3,
    played: 3,
    unplayed: [],
    missed: [{ target: "/v1.41/info" }],
  });
  expect(asked).toHaveLength(3);
  expect(readFileSync(cassette, "utf8")).toBe(before);
});

test("recording again starts over, but keeps the comments of what is the same", async () => {
  const folder = createTemporaryFolder();
  const cassette = join(folder, "run.yaml");
  const { upstream } = await startFakeDaemon(folder);
  for (const round of [1, 2]) {
    const recorder = await startRecording({ cassette, upstream });
    const client = await createClient(recorder);
    await postPath(client, START);
    await getPath(client, `/v1.41/round/${round}`, 1);
    await recorder.stop();
    if (round === 1)
      writeFileSync(
        cassette,
        `# Why.\n---\n# Ours.\n${readFileSync(cassette, "utf8").replace("request: POST", "# It starts.\nrequest: POST")}`,
      );
  }
  const text = readFileSync(cassette, "utf8");
  expect(text).toMatch(/^# Why\.\n---\n# Ours\.\n# yaml-language-server: .*\nwhalesong: 1\n/);
  expect(text).toContain("---\n# It starts.\nrequest: POST");
  expect(text.match(/round\/\d/g)).toEqual(["round/2", "round/2"]);
});

test("append plays what is known and records what is not", async () => {
  const folder = createTemporaryFolder();
  const cassette = join(folder, "run.yaml");
  const { upstream, asked } = await startFakeDaemon(folder);
  for (const known of [false, true]) {
    const recorder = await startRecording({ cassette, upstream, mode: "append" });
    const client = await createClient(recorder);
    await getPath(client, INSPECT, 1);
    if (known) await getPath(client, "/v1.41/info", 1);
    if (known) await getPath(client, INSPECT, 1);
    const report = await recorder.stop();
    expect(report).toMatchObject({ exchanges: 1, problem: undefined });
    expect(report.previous).toEqual(known ? { exchanges: 1, played: 1 } : undefined);
  }
  expect(asked).toEqual([`GET ${INSPECT}`, "GET /v1.41/info"]);
  const player = await startReplay({ cassettes: [cassette] });
  const client = await createClient(player);
  await getPath(client, "/v1.41/info", 1);
  await getPath(client, INSPECT, 1);
});

test("on a miss a replay may pass to a daemon, and leaves no trace of it", async () => {
  const folder = createTemporaryFolder();
  const cassette = join(folder, "run.yaml");
  const { upstream, asked } = await startFakeDaemon(folder);
  writeFileSync(cassette, `whalesong: 1\n---\nrequest: POST ${START}\nresponse: 204 No Content\n`);
  const before = readFileSync(cassette, "utf8");
  const player = await startReplay({ cassettes: [cassette], onMiss: { passTo: upstream } });
  const client = await createClient(player);
  await postPath(client, START);
  await getPath(client, INSPECT, 1);
  await getPath(client, INSPECT, 2);
  await postPath(client, START);
  expect(asked).toEqual([`GET ${INSPECT}`, `GET ${INSPECT}`, `POST ${START}`]);
  const answeredElsewhere = { by: "daemon", requests: 3 };
  expect(await player.stop()).toMatchObject({ played: 1, missed: [], answeredElsewhere });
  expect(readFileSync(cassette, "utf8")).toBe(before);
});

test("passthrough is as if it were not there", async () => {
  const folder = createTemporaryFolder();
  const { upstream, asked } = await startFakeDaemon(folder);
  const recording = new Recording({
    store: noStore,
    clock: systemClock,
    recorded: { at: "", by: "" },
    warn: () => undefined,
  });
  const listener = await listen(
    `unix://${join(folder, "through.sock")}`,
    createDaemon(forward(() => connect(upstream), recording)),
  );
  onTestFinished(() => listener.close());
  const client = await createClient(listener);
  await getPath(client, INSPECT, 1);
  await postPath(client, START);
  await getPath(client, INSPECT, 2);
  expect(asked).toHaveLength(3);
});

test("several cassettes are searched in the order given", async () => {
  const folder = createTemporaryFolder();
  const [one, two] = ["one", "two"].map((name) => join(folder, `${name}.yaml`)) as [string, string];
  const answering = (target: string, says: string): string =>
    `---\nrequest: GET ${target}\nresponse:\n  status: 200 OK\n  json: "${says}"\n`;
  writeFileSync(one, `whalesong: 1\n${answering("/a", "/a 1")}`);
  writeFileSync(two, `whalesong: 1\n${answering("/a", "/a 2")}${answering("/b", "/b 2")}`);
  const client = await createClient(await startReplay({ cassettes: [one, two] }));
  await getPath(client, "/a", 1);
  await getPath(client, "/b", 2);
});

test("two replays of one cassette know nothing of each other", async () => {
  const folder = createTemporaryFolder();
  const cassette = join(folder, "run.yaml");
  writeFileSync(cassette, `whalesong: 1\n---\nrequest: POST ${START}\nresponse: 204 No Content\n`);
  for (let time = 0; time < 2; time += 1)
    await postPath(await createClient(await startReplay({ cassettes: [cassette] })), START);
});

test("a cassette that cannot be understood stops both, and is never overwritten", async () => {
  const folder = createTemporaryFolder();
  const cassette = join(folder, "run.yaml");
  const { upstream } = await startFakeDaemon(folder);
  const text = "whalesong: 1\n---\nrequest: GET /_ping\nresponse: nonsense\n";
  writeFileSync(cassette, text);
  for (const start of [
    () => startRecording({ cassette, upstream }),
    () => startRecording({ cassette, upstream, mode: "append" }),
    () => startReplay({ cassettes: [cassette] }),
  ]) {
    expect((await catchError(start)).name).toBe("CassetteError");
    expect(readFileSync(cassette, "utf8")).toBe(text);
  }
  expect(existsSync(`${cassette}.lock`)).toBe(false);
});

test("a replay without its cassette names the missing one", async () => {
  const cassette = join(createTemporaryFolder(), "none.yaml");
  expect(await catchError(() => startReplay({ cassettes: [cassette] }))).toMatchObject({
    code: "WHALESONG_NO_CASSETTE",
  });
});

test("a changed sidecar is an error for the client and in the report", async () => {
  const folder = createTemporaryFolder();
  const cassette = join(folder, "run.yaml");
  const { upstream } = await startFakeDaemon(folder);
  const recorder = await startRecording({ cassette, upstream });
  const long = `/v1.41/${"x".repeat(40_000)}`;
  await getPath(await createClient(recorder), long, 1);
  await recorder.stop();
  const [sidecar = ""] = readdirSync(join(folder, "run"));
  const path = join(folder, "run", sidecar);
  writeFileSync(path, readFileSync(path, "utf8").replace("x", "y"));

  const problems: unknown[] = [];
  const player = await startReplay({ cassettes: [cassette], warn: (problem) => problems.push(problem) });
  const client = await createClient(player);
  await client.sends(request(`GET ${long}`));
  const told = await client.hearsUpTo("}\n");
  expect(told).toMatch(/^HTTP\/1\.1 500 Internal Server Error\r\n/);
  expect(told).toContain("WHALESONG_SIDECAR_DIGEST");
  expect(problems).toMatchObject([{ code: "WHALESONG_SIDECAR_DIGEST" }]);
  expect((await player.stop()).problems).toEqual(problems);
});
