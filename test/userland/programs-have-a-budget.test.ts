/** Programs that call themselves, fork, grow and backtrack for ever: they end as a kernel ends them, and others are served. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, onTestFailed, test } from "vitest";

const BIN = fileURLToPath(new URL("../../bin/whalesong.js", import.meta.url));
const LONG = "a".repeat(40);
const STARS = "*a*a*a*a*a*a*a*a*a*a*b";
const [SEGMENTATION_FAULT, KILLED, CANNOT_FORK, OUT_OF_TIME] = [139, 137, 2, 152];

/** Undefined: it may run for ever. */
type Row = readonly [script: string, status: number | undefined];

const PROGRAMS: readonly Row[] = [
  ["f(){ f; };f", SEGMENTATION_FAULT],
  ["f(){ g; };g(){ f; };f", SEGMENTATION_FAULT],
  [`a='eval "$a"'; eval "$a"`, SEGMENTATION_FAULT],
  ["echo '. /y' > /y; . /y", SEGMENTATION_FAULT],
  ["echo 'sh /x' > /x; echo >> /x; sh /x", CANNOT_FORK],
  ["f(){ f|f; };f", CANNOT_FORK],
  [":(){ :|:& };:", 0],
  ["echo 'env sh /w' > /w; sh /w", CANNOT_FORK],
  ["trap 'kill -USR1 $$' USR1; kill -USR1 $$", SEGMENTATION_FAULT],
  [`echo ${LONG}! | grep -E '(a+)+$'`, 1],
  [`echo ${LONG}! | grep -iE '(a+)+$'`, 1],
  [`echo ${LONG}! | sed -E 's/(a+)+$/x/'`, 0],
  [`echo ${LONG}! | awk '/(a+)+$/'`, 0],
  [`echo ${LONG}! | grep -wE '(a+)+'b`, 1],
  [`echo ${LONG}! | grep -E '^(a+)+\\1$'`, OUT_OF_TIME],
  [`echo ${LONG}! | grep -E '\\<(a+)+\\>$'`, OUT_OF_TIME],
  [`echo ${LONG}! | sed -E 's/^(a+)+\\1$/x/'`, OUT_OF_TIME],
  [`expr ${LONG}! : '\\(a*\\)*\\1b' >/dev/null`, OUT_OF_TIME],
  [`expr ${LONG}! : '\\(\\(a*\\)*\\)*b' >/dev/null`, 1],
  [`echo ${LONG}! | grep -E '^(a{1,1000}){1,1000}$'`, OUT_OF_TIME],
  [`mkdir /${LONG}; find /${LONG} -regex '.*\\(a*\\)*b'`, 0],
  [`touch ${LONG}; ls ${STARS}`, 1],
  [`case ${LONG} in ${STARS}) exit 5;; esac`, 0],
  [`x=${LONG}; echo \${x%%${STARS}} \${x//${STARS}/q}`, 0],
  ["echo a | sed ':a;ba'", undefined],
  ["echo a | sed 'G;D'", undefined],
  ["echo a | sed ':a;s/a/aa/g;ba'", KILLED],
  ["while :; do :; done", undefined],
];

interface Answer {
  readonly status: number;
  readonly text: string;
}

function ask(socketPath: string, method: string, path: string, body?: object): Promise<Answer> {
  const bytes = body === undefined ? "" : JSON.stringify(body);
  const headers = { "Content-Type": "application/json", "Content-Length": bytes.length };
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, method, path, headers, timeout: 15_000 }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (piece: string) => {
        text += piece;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.on("timeout", () => sent.destroy(new Error("the mock does not answer"))).on("error", reject);
    sent.end(bytes);
  });
}

/** One mock for all programs, so that each row also shows what the programs before it left behind. */
let mock: { readonly socket: string; readonly child: ChildProcess } | undefined;

async function startMock(): Promise<string> {
  const isAlive = mock !== undefined && mock.child.exitCode === null && mock.child.signalCode === null;
  if (mock !== undefined && isAlive) return mock.socket;
  const folder = mkdtempSync(join(tmpdir(), "whalesong-budget-"));
  const socket = join(folder, "m.sock");
  const child = spawn(process.execPath, [BIN, "mock", "--listen", `unix://${socket}`], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  mock = { socket, child };
  child.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  await once(child.stderr, "data");
  return socket;
}

/** A mock that hangs must not let the rows behind it fail. */
function stopMock(): void {
  mock?.child.kill("SIGKILL");
  mock = undefined;
}

afterAll(stopMock);

/** Its status, or undefined if it still runs after a while; the mock must answer all along. */
async function runScript(socket: string, script: string, hasEnd: boolean): Promise<number | undefined> {
  const created = await ask(socket, "POST", "/containers/create", { Image: "busybox", Cmd: ["sh", "-c", script] });
  const { Id } = JSON.parse(created.text) as { Id: string };
  await ask(socket, "POST", `/containers/${Id}/start`);
  const status = await waitForExit(socket, Id, hasEnd ? 50_000 : 400);
  await ask(socket, "DELETE", `/containers/${Id}?force=1`);
  return status;
}

async function waitForExit(socket: string, id: string, limitMs: number): Promise<number | undefined> {
  for (const begin = Date.now(); Date.now() - begin < limitMs; ) {
    const { State } = JSON.parse((await ask(socket, "GET", `/containers/${id}/json`)).text);
    if (!State.Running) return State.ExitCode;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return undefined;
}

describe("a program in a container", () => {
  test.each(PROGRAMS)("%s ends with %s, and the mock answers", async (script, status) => {
    const socket = await startMock();
    onTestFailed(stopMock);
    expect(await runScript(socket, script, status !== undefined)).toBe(status);
    expect(await ask(socket, "GET", "/_ping")).toEqual({ status: 200, text: "OK" });
  });
});
