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
import { errorOf, temporaryFolder } from "../io/temporary.ts";
import { jsonAnswer, NO_CONTENT, request } from "../playbook/http.ts";
import { Peer } from "../playbook/peer.ts";

/** A daemon on a socket that answers with the target and how often it was asked for. */
async function fakeDaemon(folder: string): Promise<{ upstream: Upstream; asked: string[] }> {
  const asked: string[] = [];
  const answers = createDaemon(async (call) => {
    const { method, target } = call.head;
    asked.push(`${method} ${target}`);
    const times = asked.filter((line) => line === asked.at(-1)).length;
    for await (const _ of call.readBody());
    await call.connection.write(
      Buffer.from(method === "POST" ? NO_CONTENT : jsonAnswer("200 OK", `"${target} ${times}"\n`)),
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

async function recording(options: RecordOptions): ReturnType<typeof record> {
  return stoppedInTheEnd(await record(options));
}

async function replaying(options: ReplayOptions): ReturnType<typeof replayCassettes> {
  return stoppedInTheEnd(await replayCassettes(options));
}

function stoppedInTheEnd<T extends Running>(running: T): T {
  onTestFinished(() => running.stop().then(() => undefined));
  return running;
}

async function clientOf({ url }: { readonly url: string }): Promise<Peer> {
  const client = new Peer(await connect(parseUpstream(url)));
  onTestFinished(() => client.connection.reset());
  return client;
}

async function gets(client: Peer, target: string, times: number): Promise<void> {
  await client.sends(request(`GET ${target}`));
  const heard = await client.hearsUpTo(`"${target} ${times}"\n`);
  expect(heard).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
}

async function posts(client: Peer, target: string): Promise<void> {
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
  const folder = temporaryFolder();
  const cassette = join(folder, "run.yaml");
  const { upstream, asked } = await fakeDaemon(folder);
  const recorder = await recording({ cassette, upstream });
  const client = await clientOf(recorder);
  await gets(client, INSPECT, 1);
  await posts(client, START);
  await gets(client, INSPECT, 2);
  const report = await recorder.stop();
  expect(report).toMatchObject({ exchanges: 3, truncated: 0, dropped: 0, problem: undefined });
  expect(await recorder.stop()).toBe(report);
  expect(asked).toHaveLength(3);
  expect(readdirSync(folder).sort()).toEqual(["daemon.sock", "run.yaml"]);

  const before = readFileSync(cassette, "utf8");
  const player = await replaying({ cassettes: [cassette] });
  const other = await clientOf(player);
  for (let poll = 0; poll < 3; poll += 1) await gets(other, INSPECT, 1);
  await posts(other, START);
  for (let poll = 0; poll < 3; poll += 1) await gets(other, INSPECT, 2);
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
  const folder = temporaryFolder();
  const cassette = join(folder, "run.yaml");
  const { upstream } = await fakeDaemon(folder);
  for (const round of [1, 2]) {
    const recorder = await recording({ cassette, upstream });
    const client = await clientOf(recorder);
    await posts(client, START);
    await gets(client, `/v1.41/round/${round}`, 1);
    await recorder.stop();
    if (round === 1)
      writeFileSync(
        cassette,
        `# Ours.\n${readFileSync(cassette, "utf8").replace("request: POST", "# It starts.\nrequest: POST")}`,
      );
  }
  const text = readFileSync(cassette, "utf8");
  expect(text).toMatch(/^# Ours\.\nwhalesong: 1\n/);
  expect(text).toContain("---\n# It starts.\nrequest: POST");
  expect(text.match(/round\/\d/g)).toEqual(["round/2", "round/2"]);
});

test("append plays what is known and records what is not", async () => {
  const folder = temporaryFolder();
  const cassette = join(folder, "run.yaml");
  const { upstream, asked } = await fakeDaemon(folder);
  for (const known of [false, true]) {
    const recorder = await recording({ cassette, upstream, mode: "append" });
    const client = await clientOf(recorder);
    await gets(client, INSPECT, 1);
    if (known) await gets(client, "/v1.41/info", 1);
    if (known) await gets(client, INSPECT, 1);
    expect(await recorder.stop()).toMatchObject({ exchanges: 1, problem: undefined });
  }
  expect(asked).toEqual([`GET ${INSPECT}`, "GET /v1.41/info"]);
  const player = await replaying({ cassettes: [cassette] });
  const client = await clientOf(player);
  await gets(client, "/v1.41/info", 1);
  await gets(client, INSPECT, 1);
});

test("on a miss a replay may pass to a daemon, and leaves no trace of it", async () => {
  const folder = temporaryFolder();
  const cassette = join(folder, "run.yaml");
  const { upstream, asked } = await fakeDaemon(folder);
  writeFileSync(cassette, `whalesong: 1\n---\nrequest: POST ${START}\nresponse: 204 No Content\n`);
  const before = readFileSync(cassette, "utf8");
  const player = await replaying({ cassettes: [cassette], onMiss: { passTo: upstream } });
  const client = await clientOf(player);
  await posts(client, START);
  await gets(client, INSPECT, 1);
  await gets(client, INSPECT, 2);
  await posts(client, START);
  expect(asked).toEqual([`GET ${INSPECT}`, `GET ${INSPECT}`, `POST ${START}`]);
  expect(await player.stop()).toMatchObject({ played: 1, missed: [] });
  expect(readFileSync(cassette, "utf8")).toBe(before);
});

test("passthrough is as if it were not there", async () => {
  const folder = temporaryFolder();
  const { upstream, asked } = await fakeDaemon(folder);
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
  const client = await clientOf(listener);
  await gets(client, INSPECT, 1);
  await posts(client, START);
  await gets(client, INSPECT, 2);
  expect(asked).toHaveLength(3);
});

test("several cassettes are searched in the order given", async () => {
  const folder = temporaryFolder();
  const [one, two] = ["one", "two"].map((name) => join(folder, `${name}.yaml`)) as [string, string];
  const answering = (target: string, says: string): string =>
    `---\nrequest: GET ${target}\nresponse:\n  status: 200 OK\n  json: "${says}"\n`;
  writeFileSync(one, `whalesong: 1\n${answering("/a", "/a 1")}`);
  writeFileSync(two, `whalesong: 1\n${answering("/a", "/a 2")}${answering("/b", "/b 2")}`);
  const client = await clientOf(await replaying({ cassettes: [one, two] }));
  await gets(client, "/a", 1);
  await gets(client, "/b", 2);
});

test("two replays of one cassette know nothing of each other", async () => {
  const folder = temporaryFolder();
  const cassette = join(folder, "run.yaml");
  writeFileSync(cassette, `whalesong: 1\n---\nrequest: POST ${START}\nresponse: 204 No Content\n`);
  for (let time = 0; time < 2; time += 1)
    await posts(await clientOf(await replaying({ cassettes: [cassette] })), START);
});

test("a cassette that cannot be understood stops both, and is never overwritten", async () => {
  const folder = temporaryFolder();
  const cassette = join(folder, "run.yaml");
  const { upstream } = await fakeDaemon(folder);
  const text = "whalesong: 1\n---\nrequest: GET /_ping\nresponse: nonsense\n";
  writeFileSync(cassette, text);
  for (const start of [
    () => recording({ cassette, upstream }),
    () => recording({ cassette, upstream, mode: "append" }),
    () => replaying({ cassettes: [cassette] }),
  ]) {
    expect((await errorOf(start)).name).toBe("CassetteError");
    expect(readFileSync(cassette, "utf8")).toBe(text);
  }
  expect(existsSync(`${cassette}.lock`)).toBe(false);
});

test("a replay without its cassette says which is missing", async () => {
  const cassette = join(temporaryFolder(), "none.yaml");
  expect(await errorOf(() => replaying({ cassettes: [cassette] }))).toMatchObject({ code: "WHALESONG_NO_CASSETTE" });
});

test("a sidecar whose content was changed is told to the client and in the report", async () => {
  const folder = temporaryFolder();
  const cassette = join(folder, "run.yaml");
  const { upstream } = await fakeDaemon(folder);
  const recorder = await recording({ cassette, upstream });
  const long = `/v1.41/${"x".repeat(40_000)}`;
  await gets(await clientOf(recorder), long, 1);
  await recorder.stop();
  const [sidecar = ""] = readdirSync(join(folder, "run"));
  const path = join(folder, "run", sidecar);
  writeFileSync(path, readFileSync(path, "utf8").replace("x", "y"));

  const problems: unknown[] = [];
  const player = await replaying({ cassettes: [cassette], warn: (problem) => problems.push(problem) });
  const client = await clientOf(player);
  await client.sends(request(`GET ${long}`));
  const told = await client.hearsUpTo("}\n");
  expect(told).toMatch(/^HTTP\/1\.1 500 Internal Server Error\r\n/);
  expect(told).toContain("WHALESONG_SIDECAR_DIGEST");
  expect(problems).toMatchObject([{ code: "WHALESONG_SIDECAR_DIGEST" }]);
  expect((await player.stop()).problems).toEqual(problems);
});
