/** useCassette and insertCassette, mode by mode; the daemon is played by a test. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { basename, dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test, vi } from "vitest";
import { WhalesongError } from "../../src/base/errors.ts";
import { type CassetteOptions, insertCassette } from "../../src/integrations/insert-cassette.ts";
import { findTestFailure } from "../../src/integrations/test-result.ts";
import { useCassette } from "../../src/integrations/use-cassette.ts";
import { listen } from "../../src/io/listen/listen.ts";
import { connect } from "../../src/io/upstream/connect.ts";
import { parseUpstream } from "../../src/io/upstream/upstream.ts";
import { createDaemon } from "../../src/session/daemon.ts";
import { createTemporaryFolder } from "../io/temporary.ts";
import { request } from "../playbook/http.ts";
import { Peer } from "../playbook/peer.ts";

const SOCKET = "/var/run/docker.sock";
const PING = "---\nrequest: GET /_ping\nresponse:\n  status: 200 OK\n  text: OK\n";
const INSPECT = '---\nrequest: GET /containers/web/json\nresponse:\n  status: 200 OK\n  json: {"Name":"/web"}\n';
const START = "---\nrequest: POST /containers/web/start\nresponse: 204 No Content\n";

test("recorded requests are answered, at the usual address and at its own", async () => {
  const path = writeCassette(INSPECT);
  const seen = await useCassette(path, { mode: "replay" }, async ({ socketPath, dockerHost, mode }) => {
    expect([dockerHost, mode]).toEqual([`unix://${socketPath}`, "replay"]);
    expect(existsSync(socketPath)).toBe(false);
    return [await requestPing("/containers/web/json"), await requestPing("/containers/web/json", socketPath)];
  });
  expect(seen).toEqual(['200 {"Name":"/web"}', '200 {"Name":"/web"}']);
  await expect(requestPing("/containers/web/json", "/whalesong/gone.sock")).rejects.toMatchObject({ code: "ENOENT" });
});

test("a path may be a URL, and the options left out", async () => {
  const url = pathToFileURL(writeCassette(PING));
  expect(await useCassette(url, async ({ socketPath }) => requestPing("/_ping", socketPath))).toBe("200 OK");
});

test("a test with a miss fails with the error that its client got", async () => {
  const path = writeCassette(INSPECT);
  const using = useCassette(path, { mode: "replay" }, async () => {
    await requestPing("/containers/web/json");
    await requestPing("/containers/cat/json");
  });
  const error = await catchFailure(using);
  expect(error).toBeInstanceOf(WhalesongError);
  expect([(error as WhalesongError).code, error.cause]).toEqual(["WHALESONG_NOT_AS_RECORDED", undefined]);
  expect(error.message).toContain(`\`${path}\`: 1 missed\n`);
  expect(error.message).toContain("GET /containers/cat/json");
  expect(error.message).toContain("WHALESONG_MODE=record");
});

test("a test that fails because of a miss has both errors", async () => {
  const failure = new Error("the test's own");
  const using = useCassette(writeCassette(INSPECT), { mode: "replay" }, async () => {
    await requestPing("/info");
    throw failure;
  });
  expect(await catchFailure(using)).toMatchObject({ code: "WHALESONG_NOT_AS_RECORDED", cause: failure });
});

test("where the runner prints the failure itself, the miss is told once", async () => {
  const cassette = await insertCassette(writeCassette(INSPECT), { mode: "replay" });
  // Clients put what the daemon said into their errors.
  const failure = new Error(JSON.parse((await requestPing("/info", cassette.socketPath)).slice("501 ".length)).message);
  const error = await catchFailure(cassette.settle({ failure, isShown: true }));
  expect(failure.message).toContain("WHALESONG_NO_MATCH");
  expect(error).toMatchObject({ code: "WHALESONG_NOT_AS_RECORDED" });
  expect([error.cause, error.message]).toEqual([undefined, expect.stringContaining("1 missed")]);
  expect(error.message).not.toContain("WHALESONG_NO_MATCH");
});

test("it is not told again by an error that knows no line of the test", async () => {
  const cassette = await insertCassette(writeCassette(INSPECT), { mode: "replay" });
  const failure = new Error(JSON.parse((await requestPing("/info", cassette.socketPath)).slice("501 ".length)).message);
  const report = await cassette.eject();
  const expectation = { cassettes: [cassette.path], allowsUnplayed: true, remedy: "" };
  const { stackTraceLimit } = Error;
  onTestFinished(() => void Object.assign(Error, { stackTraceLimit }));
  Error.stackTraceLimit = 0;
  expect(findTestFailure(report, { ...expectation, outcome: { failure, isShown: true } })).toBeUndefined();
  expect(findTestFailure(report, { ...expectation, outcome: { failure } })).toBeInstanceOf(Error);
});

test.each([
  ["not where the runner prints that line beside it", true, [], undefined],
  ["where it does not", false, [], /: 1 missed\n\n\[WHALESONG_NOT_AS_RECORDED\]/],
  ["where the line of the request is known", true, ["    at ask (/jobs.ts:3:7)"], /1 missed/],
])("the line of a test whose client tells the miss is told %s", async (_where, isLocated, origin, message) => {
  const cassette = await insertCassette(writeCassette(INSPECT), { mode: "replay" });
  const failure = new Error(JSON.parse((await requestPing("/info", cassette.socketPath)).slice("501 ".length)).message);
  const error = findTestFailure(await cassette.eject(), {
    ...{ cassettes: [cassette.path], allowsUnplayed: true, remedy: "To record it again, ..." },
    findOrigin: () => origin,
    declaredAt: Object.assign(new Error(), { stack: "Error\n    at /jobs.test.ts:9:1" }),
    outcome: { failure, isShown: true, isLocated },
  }) as Error | undefined;
  expect(error?.message).toEqual(message === undefined ? undefined : expect.stringMatching(message));
  // The client's own error has the way out.
  expect(error?.message ?? "").not.toContain("To record it again");
});

test("a test that fails by itself fails with that, whatever it did not come to", async () => {
  const failure = new Error("the test's own");
  const using = useCassette(writeCassette(INSPECT), { mode: "replay" }, () => {
    throw failure;
  });
  expect(await catchFailure(using)).toBe(failure);
});

test("recorded requests must not be left out, unless that is allowed", async () => {
  const path = writeCassette(INSPECT + START);
  const lazily = (options: CassetteOptions): Promise<string> =>
    useCassette(path, { mode: "replay", ...options }, () => requestPing("/containers/web/json"));
  const { message } = await catchFailure(lazily({}));
  expect(message).toContain("1 not requested");
  expect(message).toContain("POST /containers/web/start");
  expect(await lazily({ allowsUnplayed: true })).toMatch(/^200/);
});

test("once records what is not there, and plays it from then on", async () => {
  const { upstream, count } = await startFakeDaemon();
  const path = join(createTemporaryFolder(), "deep", "sea.yaml");
  const modes: string[] = [];
  const run = (): Promise<string> =>
    useCassette(path, { mode: "once", upstream }, ({ mode }) => {
      modes.push(mode);
      return requestPing("/containers/web/json");
    });
  expect([await run(), await run()]).toEqual(["200 1", "200 1"]);
  expect([modes, count()]).toEqual([["record", "replay"], 1]);
});

test("once keeps nothing of a test that failed, so that it is recorded when it is mended", async () => {
  const { upstream } = await startFakeDaemon();
  const path = join(createTemporaryFolder(), "sea.yaml");
  const run = (isMended: boolean): Promise<string> =>
    useCassette(path, { mode: "once", upstream }, async () => {
      const answer = await requestPing("/containers/web/json");
      if (!isMended) throw new Error("not yet");
      return answer;
    });
  await catchFailure(run(false));
  expect(existsSync(path)).toBe(false);
  expect(await run(true)).toBe("200 2");
  expect(existsSync(path)).toBe(true);
});

test.each(["record", "append", "once"] as const)("%s changes no cassette if the test fails", async (mode) => {
  const { upstream } = await startFakeDaemon();
  const path = writeCassette(INSPECT);
  const old = readFileSync(path, "utf8");
  const run = (options: CassetteOptions): Promise<string> =>
    useCassette(path, { mode, upstream, ...options }, async () => {
      await requestPing(mode === "once" ? "/containers/web/json" : "/info");
      throw new Error("not yet");
    });
  await catchFailure(run({}));
  expect(readFileSync(path, "utf8")).toBe(old);
  expect(readdirSync(dirname(path))).toEqual([basename(path)]);
  await catchFailure(run({ keepsFailed: true }));
  if (mode !== "once") expect(readFileSync(path, "utf8")).toContain("/info");
});

test("a test that makes no request any more does not empty its cassette, unless that is meant", async () => {
  const { upstream } = await startFakeDaemon();
  const path = writeCassette(INSPECT);
  const old = readFileSync(path, "utf8");
  const run = (options: CassetteOptions): Promise<void> =>
    useCassette(path, { mode: "record", upstream, ...options }, () => undefined);
  expect(await catchFailure(run({}))).toMatchObject({ code: "WHALESONG_NOTHING_RECORDED" });
  expect(readFileSync(path, "utf8")).toBe(old);
  await run({ empty: "keep" });
  expect(readFileSync(path, "utf8")).not.toContain("/containers");
});

test("where CI is set a test without a cassette fails, says why and how to mend it, and records nothing", async () => {
  for (const [name, value] of Object.entries({ CI: "true", WHALESONG_MODE: "" })) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const path = join(createTemporaryFolder(), "__cassettes__/jobs/runs-a-job.yaml");
  const error = await catchFailure(useCassette(path, () => requestPing("/info")));
  expect(error).toMatchObject({ name: "UsageError", code: "WHALESONG_NO_CASSETTE" });
  expect(error.message).toContain("__cassettes__/jobs/runs-a-job.yaml`, and `CI` is set, so nothing is recorded; ");
  expect(error.message).toContain("run this once on a machine with Docker and commit the file");
  const recordCommand = "WHALESONG_MODE=record npx vitest run jobs.test.ts";
  const withCommand = await catchFailure(useCassette(path, { recordCommand }, () => requestPing("/info")));
  expect(withCommand.message).toContain(`To record it here: ${recordCommand}`);
  expect(existsSync(path)).toBe(false);
});

const HALF = `whalesong: 1\nunfinished: true\n${INSPECT}`;

test.each([{}, { WHALESONG_MODE: "replay" }])(
  "half a recording fails a test where nothing is recorded: %j",
  async (env) => {
    for (const [name, value] of Object.entries({ CI: "true", WHALESONG_MODE: "", ...env })) vi.stubEnv(name, value);
    onTestFinished(() => void vi.unstubAllEnvs());
    const path = writeCassette(HALF);
    const error = await catchFailure(useCassette(path, () => requestPing("/containers/web/json")));
    expect(error).toMatchObject({ code: "WHALESONG_UNFINISHED_CASSETTE", fields: { exchanges: 1 } });
    expect(error.message).toMatch(/was interrupted.* 1 exchange .*Record it again: .*WHALESONG_MODE=record/);
    expect(readFileSync(path, "utf8")).toBe(HALF);
  },
);

test("once records anew what is half a recording, unless the test fails", async () => {
  const { upstream } = await startFakeDaemon();
  const path = writeCassette(HALF);
  const run = (isMended: boolean): Promise<string> =>
    useCassette(path, { mode: "once", upstream }, async ({ mode }) => {
      await requestPing("/info");
      if (!isMended) throw new Error("not yet");
      return mode;
    });
  await catchFailure(run(false));
  expect(readFileSync(path, "utf8")).toBe(HALF);
  expect([await run(true), await run(true)]).toEqual(["record", "replay"]);
  expect(readFileSync(path, "utf8")).not.toMatch(/unfinished|web/);
});

test.each([
  ["warns that nothing came", {}, [], 1],
  ["is silent where that is meant", { empty: "keep" }, [], 0],
  ["is silent where something came", {}, ["/info"], 0],
  ["is silent where it is not kept", { empty: "refuse" }, [], 0],
] as const)("a first recording %s", async (_what, options, targets, count) => {
  const { upstream } = await startFakeDaemon();
  const path = join(createTemporaryFolder(), "sea.yaml");
  const warn = vi.fn();
  const using = useCassette(path, { mode: "once", upstream, warn, ...options }, async ({ socketPath }) => {
    for (const target of targets) await requestPing(target, socketPath);
  });
  await using.catch((error: unknown) => expect(error).toMatchObject({ code: "WHALESONG_NOTHING_RECORDED" }));
  expect(warn).toHaveBeenCalledTimes(count);
  if (count === 0) return;
  expect(warn.mock.lastCall?.[0]).toMatchObject({
    code: "WHALESONG_NOTHING_RECORDED",
    message: expect.stringMatching(/child processes[\s\S]*whalesong run suite\.yaml --/),
  });
});

test("record starts over, append adds, passthrough leaves no trace", async () => {
  const { upstream, count } = await startFakeDaemon();
  const path = writeCassette(INSPECT);
  const run = (mode: CassetteOptions["mode"], ...targets: string[]): Promise<string[]> =>
    useCassette(path, { mode: mode as "record", upstream }, async ({ socketPath }) => {
      const answers: string[] = [];
      for (const target of targets) answers.push(await requestPing(target, socketPath));
      return answers;
    });
  expect(await run("passthrough", "/info")).toEqual(["200 1"]);
  expect(readFileSync(path, "utf8")).not.toContain("/info");
  expect(await run("new_episodes", "/containers/web/json", "/info")).toEqual(['200 {"Name":"/web"}', "200 2"]);
  expect(await run("none", "/containers/web/json", "/info")).toEqual(['200 {"Name":"/web"}', "200 2"]);
  expect(await run("rewrite", "/info")).toEqual(["200 3"]);
  expect(readFileSync(path, "utf8")).not.toContain("/containers/web/json");
  expect(count()).toBe(3);
});

test("a recorder reaches the daemon that is really there, though its address is intercepted", async () => {
  const { upstream } = await startFakeDaemon();
  const path = join(createTemporaryFolder(), "sea.yaml");
  const options = { mode: "record", upstream, intercept: [upstream] } as const;
  expect(await useCassette(path, options, () => requestPing("/info", upstream.slice("unix://".length)))).toBe("200 1");
});

test("the environment chooses the mode and the daemon", async () => {
  const { upstream } = await startFakeDaemon();
  const path = join(createTemporaryFolder(), "sea.yaml");
  const modeNow = (): Promise<string> =>
    useCassette(path, { allowsUnplayed: true }, async ({ mode, socketPath }) => {
      await requestPing("/info", socketPath);
      return mode;
    });
  vi.stubEnv("WHALESONG_UPSTREAM", upstream);
  onTestFinished(() => void vi.unstubAllEnvs());
  vi.stubEnv("CI", "true");
  vi.stubEnv("WHALESONG_MODE", "");
  const failure = await catchFailure(modeNow());
  expect(failure).toMatchObject({ code: "WHALESONG_NO_CASSETTE" });
  // The stack has no frame of this package.
  expect((failure as Error).stack).not.toMatch(/[/\\]src[/\\]/);
  vi.stubEnv("CI", "");
  expect(await modeNow()).toBe("record");
  expect(await modeNow()).toBe("replay");
  vi.stubEnv("WHALESONG_MODE", "all");
  expect(await modeNow()).toBe("record");
  vi.stubEnv("WHALESONG_MODE", "sometimes");
  expect(await catchFailure(modeNow())).toMatchObject({ code: "WHALESONG_BAD_MODE" });
});

test.each([
  ["record", /^cannot reach the daemon/],
  ["once", /^there is no cassette at `.*sea\.yaml`, so this run would record it.*cannot reach the daemon/],
] as const)("a missing daemon is an error before the test runs, in the mode %s", async (mode, message) => {
  const options = { mode, upstream: "unix:///nowhere/at-all.sock" } as const;
  const using = useCassette(join(createTemporaryFolder(), "sea.yaml"), options, () => expect.unreachable());
  const code = "WHALESONG_UPSTREAM_UNREACHABLE";
  expect(await catchFailure(using)).toMatchObject({ code, message: expect.stringMatching(message) });
});

test("other processes are served on a real socket, from the same cassette", async () => {
  await useCassette(writeCassette(START), { mode: "replay" }, async (inserted) => {
    const client = new Peer(await connect(parseUpstream(await inserted.listen())));
    await client.sends(request("POST /containers/web/start"));
    expect(await client.hearsUpTo("\r\n\r\n")).toMatch(/^HTTP\/1\.1 204 /);
    expect(await requestPing("/containers/web/start", inserted.socketPath, "POST")).toMatch(
      /^501 .*was played already/,
    );
    await inserted.eject();
    // It was asked for more often than recorded, and that was the point.
  }).catch((error: unknown) => expect(error).toMatchObject({ code: "WHALESONG_NOT_AS_RECORDED" }));
});

test("the day of the recording is offered to fake timers", async () => {
  const path = writeCassette(`whalesong: 1\nrecorded: {at: "2026-11-20", by: a test}\n${PING}`);
  await useCassette(path, { mode: "replay" }, ({ recordedAt }) => {
    vi.useFakeTimers({ now: recordedAt });
    onTestFinished(() => void vi.useRealTimers());
    expect(new Date().toISOString()).toBe("2026-11-20T00:00:00.000Z");
  });
});

test("an inserted cassette is ejected by `await using`, and held to nothing", async () => {
  const cassetteInserted = await insertCassette(writeCassette(INSPECT), { mode: "replay" });
  await cassetteInserted[Symbol.asyncDispose]();
  expect(await cassetteInserted.eject()).toMatchObject({ played: 0, unplayed: [expect.stringContaining("web/json")] });
});

test("one in another: the inner answers what both could, and then the outer again", async () => {
  const [outer, inner] = [PING, PING].map((text, at) => writeCassette(text.replace("text: OK", `text: number ${at}`)));
  await useCassette(outer as string, { mode: "replay" }, async () => {
    expect(await requestPing("/_ping")).toBe("200 number 0");
    await useCassette(inner as string, { mode: "replay" }, async () =>
      expect(await requestPing("/_ping")).toBe("200 number 1"),
    );
    expect(await requestPing("/_ping")).toBe("200 number 0");
  });
});

function writeCassette(exchanges: string): string {
  const path = join(createTemporaryFolder(), "run.yaml");
  writeFileSync(path, exchanges.startsWith("whalesong:") ? exchanges : `whalesong: 1\n${exchanges}`);
  return path;
}

/** Says how often it was asked. */
async function startFakeDaemon(): Promise<{ upstream: string; count(): number }> {
  let count = 0;
  const counting = createDaemon(async (call) => {
    await call.drainBody();
    count += 1;
    const head = call.encodeHead(200, "OK", [
      ["Content-Type", "text/plain"],
      ["Content-Length", String(`${count}`.length)],
    ]);
    await call.connection.write(Buffer.concat([head, Buffer.from(`${count}`)]));
    return true;
  });
  const listener = await listen(`unix://${join(createTemporaryFolder(), "daemon.sock")}`, counting);
  onTestFinished(() => listener.close());
  return { upstream: listener.url, count: () => count };
}

function requestPing(path: string, socketPath: string = SOCKET, method = "GET"): Promise<string> {
  return new Promise((resolve, reject) => {
    const asking = httpRequest({ socketPath, path, method }, (answer) => {
      text(answer).then((body) => resolve(`${answer.statusCode} ${body.trim()}`), reject);
    });
    asking.on("error", reject).end();
  });
}

async function catchFailure(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error("it went well");
}
