import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { createTemporaryFolder } from "../io/temporary.ts";
import { clientWords } from "./client-words.ts";
import { runInProcess, startInProcess } from "./run-in-process.ts";

const OLD = "# mine\nwhalesong: 1\n---\nrequest: GET /_ping\nresponse: 200 OK\n";
const MOCK = ["--upstream", "mock"] as const;

beforeEach(() => {
  for (const name of ["CI", "WHALESONG_MODE"]) vi.stubEnv(name, "");
});

function createPath(text?: string): string {
  const cassette = join(createTemporaryFolder(), "keep.yaml");
  if (text !== undefined) writeFileSync(cassette, text);
  return cassette;
}

function readOrNothing(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

describe("a cassette stays as it was, or is not made,", () => {
  type LosingRow = readonly [what: string, words: readonly string[], status: number, explanation: string];
  const ROWS: readonly LosingRow[] = [
    ["if there is no such command", ["record", "--", "dockre", "version"], 127, "the command did not start"],
    ["if the command cannot be executed", ["record", "--", "/dev/null"], 126, "the command did not start"],
    [
      "if the command cannot start, also with --keep-empty",
      ["record", "--keep-empty", "--", "dockre"],
      127,
      "the command did not start",
    ],
    ["if the command makes no request", ["record", "--", "true"], 1, "no request came"],
    ["if the command fails without a request", ["record", "--", "sh", "-c", "exit 7"], 7, "no request came"],
    ["if `run` cannot start it", ["run", "--mode", "record", "--", "dockre"], 127, "the command did not start"],
    ["if `run` makes no request", ["run", "--mode", "record", "--", "true"], 1, "no request came"],
    [
      "if the command of `run` fails",
      ["run", "--mode", "record", ...clientWords("/_ping", 7)],
      7,
      "the command ended with 7; --keep-failed keeps its recording",
    ],
    [
      "if the command of `run` that appends fails",
      ["run", "--mode", "append", ...clientWords("/version", 7)],
      7,
      "the command ended with 7; --keep-failed keeps its recording",
    ],
    [
      "if the command of `replay --on-miss record` cannot start",
      ["replay", "--on-miss", "record", "--", "dockre"],
      127,
      "the command did not start",
    ],
  ];
  const withCassette = ([verb = "", ...rest]: readonly string[], path: string): string[] => [
    verb,
    path,
    ...MOCK,
    ...rest,
  ];

  test.each(ROWS)("%s", async (_what, words, status, explanation) => {
    for (const text of [OLD, undefined]) {
      if (text === undefined && words.includes("--on-miss")) continue;
      const cassette = createPath(text);
      const run = await runInProcess(...withCassette(words, cassette));
      expect(run).toMatchObject({ status, stdout: "" });
      expect(run.stderr).toContain(explanation);
      expect(run.stderr).toMatch(/is not written|stays as it is/);
      expect(readOrNothing(cassette)).toBe(text);
      expect(readdirSync(dirname(cassette))).toEqual(text === undefined ? [] : ["keep.yaml"]);
    }
  });

  test("if nothing came until the recorder was stopped", async () => {
    const cassette = createPath(OLD);
    const { status, stderr } = await (await startInProcess("record", cassette, ...MOCK)).stop();
    expect(status).toBe(1);
    expect(stderr).toContain(`no request came`);
    expect(stderr).toContain(`\`${cassette}\` stays as it is, with 1 exchange`);
    expect(readOrNothing(cassette)).toBe(OLD);
  });

  test("nor are the folders on the way to it", async () => {
    const folder = dirname(createPath());
    const run = await runInProcess("record", join(folder, "deep", "er", "x.yaml"), ...MOCK, "--", "true");
    expect(run.status).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("with its sidecars", async () => {
    const cassette = createPath(OLD);
    const folder = cassette.replace(".yaml", "");
    mkdirSync(folder);
    writeFileSync(join(folder, "tar-01234567.tar"), "mine");
    writeFileSync(cassette, OLD.replace("200 OK\n", `\n  status: 200 OK\n  file: ${describeSidecar()}\n`));
    const run = await runInProcess("record", cassette, ...MOCK, "--", "true");
    expect(run.status).toBe(1);
    expect(readdirSync(folder)).toEqual(["tar-01234567.tar"]);
  });
});

function describeSidecar(): string {
  return `{path: keep/tar-01234567.tar, size: 4, sha256: ${"0".repeat(64)}}`;
}

describe("a recording is kept", () => {
  test.each([
    ["that is empty, with --keep-empty", ["record", "--keep-empty", "--", "true"], 0],
    ["of a failed command of `record`", ["record", ...clientWords("/version", 7)], 7],
    ["of a failed command of `run`, with --keep-failed", ["run", "--keep-failed", ...clientWords("/version", 7)], 7],
  ] as const)("%s", async (_what, [verb, ...rest], status) => {
    const cassette = createPath();
    expect(await runInProcess(verb, cassette, ...MOCK, ...rest)).toMatchObject({ status });
    expect(readOrNothing(cassette)).toMatch(/^# yaml-language-server: .*\nwhalesong: 1\n/);
    expect(await runInProcess("check", cassette)).toMatchObject({ status: 0 });
  });

  test("as JSON, and in a file, too", async () => {
    const cassette = createPath();
    const file = join(dirname(cassette), "report.json");
    const words = ["--report", "json", "--report-file", file, ...clientWords("/version")];
    const { stderr } = await runInProcess("run", cassette, ...MOCK, ...words);
    expect(JSON.parse(stderr)).toMatchObject({ exchanges: 1, isKept: true });
    expect(readOrNothing(file)).toBe(stderr);
  });
});

describe("a cassette with exchanges stays as it was, and the recording is put beside it,", () => {
  const TAKE = "\ntake it: mv ";

  test.each([
    ["if the command of `record` fails", ["record"], clientWords("/version", 7), 7],
    ["if it is interrupted", ["record"], clientWords("/version", 130), 130],
    ["if the command of `record --mode append` fails", ["record", "--mode", "append"], clientWords("/version", 7), 7],
    ["if that of `replay --on-miss record` fails", ["replay", "--on-miss", "record"], clientWords("/version", 7), 7],
    ["also if that is unfinished", ["record"], clientWords("/version", 7), 7],
  ] as const)("%s", async (what, [verb, ...flags], command, status) => {
    const old = what.includes("unfinished") ? OLD.replace("\n---", "\nunfinished: true\n---") : OLD;
    const cassette = createPath(old);
    const run = await runInProcess(verb, cassette, ...MOCK, ...flags, ...command);
    expect(run.status).toBe(status);
    expect(run.stderr).toContain(`saved 1 request to ${cassette}.failed\nthe cassette is as it was: the command ended`);
    expect(run.stderr).toContain(
      `${status}; with --keep-failed it would replace it${TAKE}${cassette}.failed ${cassette}`,
    );
    expect(readOrNothing(cassette)).toBe(old);
    expect(readOrNothing(`${cassette}.failed`)).toContain("GET /version");
    expect(readdirSync(dirname(cassette)).sort()).toEqual(["keep.yaml", "keep.yaml.failed"]);
    expect(await runInProcess("check", `${cassette}.failed`)).toMatchObject({ status: 0 });
  });

  test("as the JSON of the report says", async () => {
    const cassette = createPath(OLD);
    const words = ["replay", cassette, ...MOCK, "--report", "json", "--on-miss", "record"];
    const { stderr } = await runInProcess(...words, ...clientWords("/info", 7));
    expect(JSON.parse(stderr)).toMatchObject({ exchanges: 1, isKept: false, aside: `${cassette}.failed` });
  });

  test("until the next recording is kept", async () => {
    const cassette = createPath(OLD);
    await runInProcess("record", cassette, ...MOCK, ...clientWords("/version", 7));
    await runInProcess("record", cassette, ...MOCK, ...clientWords("/info"));
    expect(readdirSync(dirname(cassette))).toEqual(["keep.yaml"]);
    expect(readOrNothing(cassette)).toContain("GET /info");
  });

  test("but replaces it with --keep-failed", async () => {
    const cassette = createPath(OLD);
    const words = ["record", cassette, ...MOCK, "--keep-failed", ...clientWords("/version", 7)];
    expect(await runInProcess(...words)).toMatchObject({ status: 7 });
    expect(readdirSync(dirname(cassette))).toEqual(["keep.yaml"]);
    expect(readOrNothing(cassette)).toContain("GET /version");
  });

  test.each([
    ["replaces one without exchanges", "whalesong: 1\n", ["record"], "/version", "saved 1 request to"],
    [
      "adds nothing where nothing is new",
      OLD,
      ["record", "--mode", "append"],
      "/_ping",
      "1 of 1 replayed | nothing to",
    ],
  ] as const)("but %s", async (_what, old, [verb, ...flags], path, summary) => {
    const cassette = createPath(old);
    const run = await runInProcess(verb, cassette, ...MOCK, ...flags, ...clientWords(path, 7));
    expect(run).toMatchObject({ status: 7, stderr: expect.stringContaining(summary) });
    expect(run.stderr).not.toContain("as it was");
    expect(readdirSync(dirname(cassette))).toEqual(["keep.yaml"]);
  });
});

describe("a first `run` that fails", () => {
  test("is recorded again by the next one", async () => {
    const cassette = createPath();
    await runInProcess("run", cassette, ...MOCK, ...clientWords("/version", 7));
    const { status, stderr } = await runInProcess("run", cassette, ...MOCK, ...clientWords("/version"));
    expect(status).toBe(0);
    expect(stderr).toContain("saved 1 request");
  });
});

describe("where CI is set, `run`", () => {
  beforeEach(() => void vi.stubEnv("CI", "true"));

  test("records nothing, and says so", async () => {
    const cassette = createPath();
    const { status, stderr } = await runInProcess("run", cassette, ...MOCK, ...clientWords("/_ping"));
    expect(status).toBe(1);
    expect(stderr).toContain("`CI` is set, so nothing is recorded");
    expect(stderr).toContain(`To record it here: whalesong run --mode record ${MOCK.join(" ")} ${cassette} -- `);
    expect(stderr).toContain("WHALESONG_NO_CASSETTE");
    expect(existsSync(cassette)).toBe(false);
  });

  test("prints no secret of the command", async () => {
    const { stderr } = await runInProcess("run", createPath(), "--", "docker", "login", "-p", "hunter2hunter2");
    expect(stderr).toContain("-- docker login -p '<redacted:1>'   # put in what <redacted:1> stands for");
    expect(stderr).not.toContain("hunter2");
  });

  test("offers a line that keeps out what this run would", async () => {
    const rules = ["--redact", "ACME_ID", "--redact", "/acme [0-9]+/"];
    const cassette = createPath();
    const words = ["docker", "run", "-e", "ACME_ID=rhubarb-cake"];
    const { stderr } = await runInProcess("run", cassette, ...rules, "--", ...words);
    const flags = "--redact=ACME_ID '--redact=/acme [0-9]+/'";
    expect(stderr).toContain(
      `whalesong run --mode record ${flags} ${cassette} -- docker run -e 'ACME_ID=<redacted:1>'`,
    );
  });

  test("replays", async () => {
    const { status, stderr } = await runInProcess("run", createPath(OLD), ...clientWords("/_ping"));
    expect(status).toBe(0);
    expect(stderr).toContain("1 of 1 replayed");
  });

  test.each(["record", "once"])("records if --mode %s is named", async (mode) => {
    const cassette = createPath();
    expect(await runInProcess("run", cassette, ...MOCK, "--mode", mode, ...clientWords("/_ping"))).toMatchObject({
      status: 0,
    });
    expect(existsSync(cassette)).toBe(true);
  });

  test("refuses a WHALESONG_MODE that is no mode, and names those there are", async () => {
    vi.stubEnv("WHALESONG_MODE", "records");
    const cassette = createPath();
    const { status, stderr } = await runInProcess("run", cassette, ...MOCK, ...clientWords("/_ping"));
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /WHALESONG_MODE must be one of `once`, .*got `records` \(did you mean `record`\?\) \[WHALESONG_BAD_MODE\]\n$/,
    );
    expect(existsSync(cassette)).toBe(false);
  });

  test("records if WHALESONG_MODE names it", async () => {
    vi.stubEnv("WHALESONG_MODE", "record");
    const cassette = createPath();
    expect(await runInProcess("run", cassette, ...MOCK, ...clientWords("/_ping"))).toMatchObject({ status: 0 });
    expect(existsSync(cassette)).toBe(true);
  });
});

describe("half a recording", () => {
  const HALF = OLD.replace("\n---", "\nunfinished: true\n---");

  test.each([
    ["replay", "/info", 1],
    ["replay", "/_ping", 0],
  ] as const)("is named by `%s` of %s", async (verb, path, status) => {
    const cassette = createPath(HALF);
    const report = join(dirname(cassette), "report.json");
    const run = await runInProcess(verb, cassette, "--report-file", report, "--report", "json", ...clientWords(path));
    expect(run.status).toBe(status);
    expect(run.stderr).toContain("its recording is unfinished");
    const { missed } = JSON.parse(readFileSync(report, "utf8")) as { missed: { message: string }[] };
    for (const { message } of missed) expect(message).toContain(`The recording of ${cassette} is unfinished`);
    expect(missed).toHaveLength(status);
  });

  test.each(["none", "replay"])("is refused by `run --mode %s`, which may be a suite of tests", async (mode) => {
    const cassette = createPath(HALF);
    const words = ["run", cassette, "--mode", mode];
    const { status, stderr } = await runInProcess(...words, ...clientWords("/_ping"));
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /was interrupted; it has the 1 exchange .* whalesong run --mode record [\s\S]*WHALESONG_UNFINISHED/,
    );
    const onMiss = ["--on-miss", "mock", ...clientWords("/_ping")];
    expect(await runInProcess(...words, ...onMiss)).toMatchObject({ status: 0 });
  });

  test("is recorded anew by `run`, and stays where the command fails", async () => {
    const cassette = createPath(HALF);
    expect(await runInProcess("run", cassette, ...MOCK, ...clientWords("/version", 7))).toMatchObject({ status: 7 });
    expect(readOrNothing(cassette)).toBe(HALF);
    expect(await runInProcess("run", cassette, ...MOCK, ...clientWords("/version"))).toMatchObject({ status: 0 });
    expect(readOrNothing(cassette)).not.toContain("unfinished");
  });

  test("fails `check`, until its mark is removed", async () => {
    const cassette = createPath(HALF);
    const { status, stderr } = await runInProcess("check", cassette);
    expect(status).toBe(1);
    expect(stderr).toContain("1 exchange, 0 sidecars, its recording is unfinished [WHALESONG_UNFINISHED_CASSETTE]");
    writeFileSync(cassette, OLD);
    expect(await runInProcess("check", cassette)).toMatchObject({ status: 0 });
  });
});

describe("while another process records to a cassette", () => {
  /** A recorder that has an exchange by now. */
  async function startRecorder(cassette: string) {
    const recorder = await startInProcess("record", cassette, ...MOCK);
    const { request } = await import("node:http");
    await new Promise((resolve, reject) => {
      const end = (response: import("node:http").IncomingMessage) => response.resume().on("end", resolve);
      request({ socketPath: recorder.socket, path: "/_ping", agent: false }, end).on("error", reject).end();
    });
    await expect.poll(() => readOrNothing(cassette)).toContain("/_ping");
    return recorder;
  }

  test.each([
    ["run", [], 1, "another recorder, process PID, is recording to it; wait for it to end"],
    ["run", ["--mode", "record"], 1, "another recorder, process PID, is recording to it; wait for it to end"],
    ["run", ["--mode", "append"], 1, "another recorder, process PID, is recording to it; wait for it to end"],
    ["run", ["--mode", "replay"], 1, "process PID is recording to it, and 1 exchange of it had ended by now. Wait"],
    ["record", [], 1, "another recorder, process PID, is recording to it; wait for it to end"],
    ["replay", [], 0, "its recording is unfinished: process PID is recording to it; only"],
  ] as const)("`%s` %j says so", async (verb, flags, status, text) => {
    const cassette = createPath();
    const recorder = await startRecorder(cassette);
    const run = await runInProcess(verb, cassette, ...MOCK, ...flags, ...clientWords("/_ping"));
    expect(run.stderr).toContain(text.replace("PID", `${process.pid}`));
    expect(run.status).toBe(status);
    expect(await recorder.stop()).toMatchObject({ status: 0, stderr: expect.stringContaining("saved 1 request") });
  });
});

describe("a replay to which nothing came", () => {
  const HINT = "no recorded request came. Does the client connect to DOCKER_HOST? `sudo`";

  test.each([
    ["replay", ["--", "true"], 0, true],
    ["replay", ["--", "sh", "-c", "exit 7"], 7, true],
    ["run", ["--", "true"], 0, true],
    ["run", clientWords("/_ping"), 0, false],
    ["run", clientWords("/info"), 1, false],
    ["run", ["--on-miss", "mock", ...clientWords("/info")], 0, false],
    ["run", ["--", "dockre"], 127, false],
  ] as const)("says where its requests may have gone: %s %j", async (verb, words, status, isHinted) => {
    const run = await runInProcess(verb, createPath(OLD), ...words);
    expect(run.status).toBe(status);
    expect(run.stderr.includes(HINT)).toBe(isHinted);
  });
});

describe("a miss in `run`", () => {
  test.each([
    ["is exit 1", [], "/info", 1],
    ["is exit 0 with --allow-misses", ["--allow-misses"], "/info", 0],
    ["is none if a mock answers it", ["--on-miss", "mock"], "/info", 0],
    ["is none if what was recorded is requested", ["--fail-on-unplayed", "--strict"], "/_ping", 0],
  ] as const)("%s", async (_what, flags, path, status) => {
    expect(await runInProcess("run", createPath(OLD), ...flags, ...clientWords(path))).toMatchObject({ status });
  });

  test("is in the report, on stderr and in the file", async () => {
    const cassette = createPath(OLD);
    const file = join(dirname(cassette), "report.json");
    const words = ["--report", "json", "--report-file", file, ...clientWords("/info")];
    const { stderr } = await runInProcess("run", cassette, ...words);
    expect(JSON.parse(stderr)).toMatchObject({ missed: [{ method: "GET", target: "/info" }] });
    expect(readOrNothing(file)).toBe(stderr);
  });

  test("is recorded with --on-miss record", async () => {
    const cassette = createPath(OLD);
    await runInProcess("run", cassette, ...MOCK, "--on-miss", "record", ...clientWords("/info"));
    expect(readOrNothing(cassette)).toMatch(/\/_ping[\s\S]*\/info/);
  });
});

describe("a client of a newer API than the recorded one", () => {
  const RECORDED = 'whalesong: 1\nevery-response: {Api-Version: "1.51"}\n';
  const EXCHANGES = "---\nrequest: HEAD /_ping\nresponse: 200 OK\n---\nrequest: GET /v1.50/info\nresponse: 200 OK\n";
  /** Takes the ping's version, as docker does, or the one it is given; writes what the daemon says to a file. */
  const NEGOTIATING = `
    const socketPath = process.env.DOCKER_HOST.replace("unix://", "");
    const [, file, version] = process.argv;
    const headers = { "User-Agent": "Docker-Client/28.5.2 (linux)" };
    const ask = (method, path, done) =>
      require("node:http").request({ socketPath, method, path, headers }, (answer) => {
        let text = "";
        answer.on("data", (piece) => (text += piece)).on("end", () => done(answer, text));
      }).end();
    ask("HEAD", "/_ping", (ping) => {
      const path = "/v" + (version || ping.headers["api-version"]) + "/info";
      ask("GET", path, (_, text) => require("node:fs").writeFileSync(file, text));
    });`;

  async function replayWith(verb: string, version = ""): Promise<{ status: number; stderr: string; answer: string }> {
    const file = join(createTemporaryFolder(), "answer");
    const words = ["--", process.execPath, "-e", NEGOTIATING, file, version];
    const { status, stderr } = await runInProcess(verb, createPath(RECORDED + EXCHANGES), ...words);
    return { status, stderr, answer: readFileSync(file, "utf8") };
  }

  test.each(["replay", "run"])("misses nothing in `%s`: the ping offers what was recorded", async (verb) => {
    expect(await replayWith(verb)).toMatchObject({ status: 0, stderr: expect.stringContaining("2 of 2 replayed") });
  });

  test("is told which version to name, if it does not take the ping's", async () => {
    const { status, answer } = await replayWith("replay", "1.51");
    expect({ status, answer }).toEqual({ status: 1, answer: expect.stringContaining("DOCKER_API_VERSION=1.50") });
  });
});

describe("what a simulated daemon makes beside what it was recorded to make", () => {
  const create = (image: string, output = "/dev/null"): readonly string[] => {
    const post = `curl -s -o "$0" --unix-socket "\${DOCKER_HOST#unix://}" -H Content-Type:application/json -d '{"Image":"${image}"}' http://docker/containers/create`;
    return ["--", "sh", "-c", post, output];
  };
  const listIds = (file: string): readonly string[] => readFileSync(file, "utf8").match(/[0-9a-f]{64}/g) ?? [];

  test("has ids of its own when it is appended: it is not answered as what was recorded", async () => {
    const cassette = createPath();
    await runInProcess("record", cassette, ...MOCK, ...create("busybox"));
    for (const image of ["hello-world", "busybox:latest"])
      await runInProcess("run", ...MOCK, "--mode", "append", cassette, ...create(image));
    expect([listIds(cassette).length, new Set(listIds(cassette)).size]).toEqual([3, 3]);
  });

  test("has ids of its own where it answers what a replay cannot", async () => {
    const cassette = createPath();
    const answer = join(dirname(cassette), "answer.json");
    await runInProcess("record", cassette, ...MOCK, ...create("busybox"));
    await runInProcess("replay", cassette, "--on-miss", "mock", ...create("hello-world", answer));
    expect(listIds(answer)).toHaveLength(1);
    expect(listIds(cassette)).not.toContain(listIds(answer)[0]);
  });
});

describe("a cassette that is a symbolic link", () => {
  test("stays one: what it means is recorded, and found again", async () => {
    const [target, link] = [createPath(OLD), join(createTemporaryFolder(), "link.yaml")];
    symlinkSync(target, link);
    await runInProcess("record", link, ...MOCK, ...clientWords("/version"));
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readOrNothing(target)).toContain("/version");
    expect(readdirSync(dirname(link))).toEqual(["link.yaml"]);
    expect(await runInProcess("replay", link, ...clientWords("/version"))).toMatchObject({ status: 0 });
  });

  test("may point to what is not there yet", async () => {
    const [target, link] = [createPath(), join(createTemporaryFolder(), "link.yaml")];
    symlinkSync(target, link);
    expect(await runInProcess("record", link, ...MOCK, ...clientWords("/version"))).toMatchObject({ status: 0 });
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readOrNothing(target)).toContain("/version");
  });

  test("has one lock with the file that it means", async () => {
    const [target, link] = [createPath(OLD), join(createTemporaryFolder(), "link.yaml")];
    symlinkSync(target, link);
    const first = await startInProcess("record", target, ...MOCK);
    const second = await runInProcess("record", link, ...MOCK, "--", "true");
    expect(second.status).toBe(1);
    expect(second.stderr).toContain("WHALESONG_CASSETTE_LOCKED");
    await first.stop();
  });
});
