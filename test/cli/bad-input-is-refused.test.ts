import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { ask, dial, head } from "../e2e/line.ts";

import { createTemporaryFolder } from "../io/temporary.ts";
import { runInProcess, startInProcess } from "./run-in-process.ts";

const HEADER = 'whalesong: 1\nrecorded: {at: "2026-11-21"}\n---\n';
const PING = "request: GET /_ping\nresponse:\n  status: 200 OK\n  headers: {Content-Type: text/plain}\n  text: OK\n";
const WHOLE_SHA = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

function withSidecar(path: string): string {
  const file = `{path: ${path}, size: 5, sha256: ${WHOLE_SHA}}`;
  return `${HEADER}request: GET /v1.41/containers/web/export\nresponse:\n  status: 200 OK\n  file: ${file}\n`;
}

interface BadCassette {
  readonly what: string;
  readonly text: string;
  /** Behind the cassette's path. */
  readonly complaint: string;
}

const BAD_CASSETTES: readonly BadCassette[] = [
  {
    what: "that is cut off within a line",
    text: `${HEADER}${PING}`.slice(0, -3),
    complaint: ":8:9  the file ends within a line",
  },
  { what: "that is cut off within an exchange", text: `${HEADER}request: GET /_ping\nresponse:\n`, complaint: ":5:" },
  {
    what: "whose sidecar's path climbs out",
    text: withSidecar("../../etc/passwd"),
    complaint: ":7:16  a sidecar lies in the cassette's folder, `../../etc/passwd` leaves it",
  },
  {
    what: "whose sidecar's path is absolute",
    text: withSidecar("/etc/passwd"),
    complaint: ":7:16  a sidecar lies in the cassette's folder, `/etc/passwd` is absolute",
  },
  { what: "that is something else", text: "services:\n  web: {}\n", complaint: ":1:1  not a cassette" },
  { what: "that is empty", text: "", complaint: "not a cassette: it is empty" },
  {
    what: "that a newer whalesong has written",
    text: "whalesong: 99\n",
    complaint: ":1:1  written by a newer whalesong",
  },
];

/** Verbs that look at a cassette find it when they come to it, with a page or a file half written. */
test.each([
  ["view CASSETTE -o OUTPUT"],
  ["show CASSETTE"],
  ["show CASSETTE --json"],
  ["play CASSETTE"],
  ["diff CASSETTE CASSETTE", 2],
  ["export har CASSETTE -o OUTPUT"],
  ["export curl CASSETTE -o OUTPUT"],
  ["edit fmt CASSETTE -o OUTPUT"],
])("`%s` names the fault of a late exchange, and writes no file", async (line: string, status = 1) => {
  const folder = createTemporaryFolder();
  const [cassette, output] = [join(folder, "late.yaml"), join(folder, "output")];
  const late = "request: GET /version\nresponse:\n  status: two hundred\n";
  writeFileSync(cassette, `${HEADER}${`${PING}---\n`.repeat(40)}${late}`);
  const words = line.replaceAll("CASSETTE", cassette).replace("OUTPUT", output).split(" ");
  const run = await runInProcess(...words);
  expect(run).toMatchObject({ status, stderr: expect.stringContaining(`${cassette}:246:11  `) });
  expect(readdirSync(folder)).toEqual(["late.yaml"]);
});

describe.each(BAD_CASSETTES)("a cassette $what", ({ text, complaint }) => {
  const words = { check: [], replay: ["--", "true"], record: ["--", "true"], append: ["--", "true"] } as const;

  test.each(["check", "replay", "record", "append"] as const)(
    "stops `%s` with the place of the fault, and is left as it is",
    async (verb) => {
      const folder = createTemporaryFolder();
      const cassette = join(folder, "bad.yaml");
      writeFileSync(cassette, text);
      const command = verb === "append" ? ["record", cassette, "--mode", "append"] : [verb, cassette];
      const { status, stderr } = await runInProcess(...command, ...words[verb]);
      expect(status).toBe(1);
      expect(stderr).toContain(complaint.startsWith(":") ? cassette + complaint : complaint);
      expect(readFileSync(cassette, "utf8")).toBe(text);
      expect(readdirSync(folder)).toEqual(["bad.yaml"]);
    },
  );
});

describe("a sidecar with a wrong digest", () => {
  test("is found by `check`, which names both digests, and the line and column where it is named", async () => {
    const { status, stderr } = await runInProcess("check", writeCassetteWithWrongSidecar());
    expect(status).toBe(1);
    expect(stderr).toMatch(
      new RegExp(
        `\\.yaml:\\d+:\\d+  the sidecar \`bad/body\\.tar\` has the sha256 [0-9a-f]{64}, the cassette says ${WHOLE_SHA}`,
      ),
    );
  });

  test("is told to the client that asks for it, and makes the replay fail in the end", async () => {
    const replayer = await startInProcess("replay", writeCassetteWithWrongSidecar());
    const answer = await ask(replayer.socket, "GET /v1.41/containers/web/export");
    expect(answer).toMatch(/^HTTP\/1\.1 500 /);
    expect(answer).toContain(`the cassette says ${WHOLE_SHA}`);
    expect(await replayer.stop()).toMatchObject({ status: 1, stderr: expect.stringContaining(WHOLE_SHA) });
  });
});

const NOISE = [
  [
    "another protocol's greeting",
    "\x16\x03\x01\x02\x00\x01\r\n\r\n",
    "400 Bad Request",
    "got the line `\\x16\\x03\\x01\\x02\\x00\\x01`",
  ],
  [
    "HTTP/2's preface",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "400 Bad Request",
    "got the line `PRI * HTTP/2.0`, expected one like `METHOD target HTTP/1.1`",
  ],
  [
    "a head of more than 1 MiB",
    head("GET /_ping", `X-Whale: ${"o".repeat(1024 * 1024)}`),
    "431 ",
    "expected at most 1048576 bytes",
  ],
] as const;

describe.each(NOISE)("%s on the socket", (_, noise, status, complaint) => {
  test("is answered by the replayer with what is wrong, and it goes on; the run fails", async () => {
    const replayer = await startInProcess("replay", writeGoodCassette());
    const answer = await answerTo(noise, replayer.socket);
    expect(answer).toContain(`HTTP/1.1 ${status}`);
    expect(answer).toContain(complaint);
    expect(await ask(replayer.socket, "GET /_ping")).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*OK$/);
    const summary = expect.stringContaining("1 of 1 replayed | 1 missed") as string;
    expect(await replayer.stop()).toMatchObject({ status: 1, stderr: summary });
  });

  test("passes through the recorder, which goes on and says that the recording lacks it", async () => {
    const folder = createTemporaryFolder();
    const [upstream, cassette] = [await startFakeDaemon(folder), join(folder, "noise.yaml")];
    const recorder = await startInProcess("record", cassette, "--upstream", `unix://${upstream.path}`);
    await answerTo(noise, recorder.socket);
    expect(upstream.heard()).toBe(noise);
    expect(await ask(recorder.socket, "GET /_ping")).toMatch(/OK$/);
    const { status, stderr } = await recorder.stop();
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringMatching(/saved 1 request[\s\S]*the recording is incomplete: /),
    });
    expect(stderr).toContain(complaint);
    expect(await runInProcess("check", cassette)).toMatchObject({ status: 0 });
  });
});

function writeGoodCassette(): string {
  const cassette = join(createTemporaryFolder(), "good.yaml");
  writeFileSync(cassette, HEADER + PING);
  return cassette;
}

function writeCassetteWithWrongSidecar(): string {
  const folder = createTemporaryFolder();
  mkdirSync(join(folder, "bad"));
  writeFileSync(join(folder, "bad/body.tar"), "hullo");
  writeFileSync(join(folder, "bad.yaml"), withSidecar("bad/body.tar"));
  return join(folder, "bad.yaml");
}

async function answerTo(noise: string, path: string): Promise<string> {
  const line = await dial(path);
  line.say(noise);
  line.end();
  await line.ending;
  line.leave();
  return line.heard.toString("latin1");
}

/** Answers a ping, and hears everything else out. */
async function startFakeDaemon(folder: string): Promise<{ path: string; heard(): string }> {
  const path = join(folder, "daemon.sock");
  let heard = "";
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("error", () => undefined).on("end", () => socket.end());
    socket.on("data", (bytes: Buffer) => {
      if (bytes.toString().startsWith("GET /_ping HTTP/1.1\r\nHost: docker\r\nConnection: close")) {
        socket.end("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\nConnection: close\r\n\r\nOK");
      } else heard += bytes.toString("latin1");
    });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => void server.close());
  return { path, heard: () => heard };
}
