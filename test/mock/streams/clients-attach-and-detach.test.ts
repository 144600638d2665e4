import { expect, test } from "vitest";
import { encodeWebsocketFrame } from "../../../src/wire/streams/websocket.ts";
import { encodeTextFrame, RAW_STREAM, UPGRADED, upgradeRequest } from "../../playbook/http.ts";
import { MockedDaemon } from "../../playbook/mocked.ts";
import type { Peer } from "../../playbook/peer.ts";
import { waitForQuiet } from "../../playbook/quiet.ts";

const V = "/v1.41/containers";
const ALL = "stream=1&stdin=1&stdout=1&stderr=1";

async function create(docker: MockedDaemon, settings: Record<string, unknown>): Promise<string> {
  const { json } = await docker.asks(`POST ${V}/create`, { Image: "busybox", ...settings });
  return json.Id;
}

async function attach(docker: MockedDaemon, id: string, query = ALL): Promise<Peer> {
  const client = docker.client();
  await client.sends(upgradeRequest(`POST ${V}/${id}/attach?${query}`));
  await client.hears(UPGRADED);
  return client;
}

test("get both streams in frames, and the end of the container", async () => {
  const docker = new MockedDaemon();
  const id = await create(docker, { Cmd: ["sh", "-c", "echo out; echo err >&2; exit 5"] });
  const client = await attach(docker, id);
  await client.closesItsHalf();
  await client.hearsNothing();
  await docker.asks(`POST ${V}/${id}/start`);
  expect(await client.hearsAll()).toBe(encodeTextFrame("stdout", "out\n") + encodeTextFrame("stderr", "err\n"));
});

test("send standard input, and end it with their half of the connection", async () => {
  const docker = new MockedDaemon();
  const id = await create(docker, { Cmd: ["cat"], OpenStdin: true, StdinOnce: true });
  const client = await attach(docker, id);
  await client.sends("early\n");
  await docker.asks(`POST ${V}/${id}/start`);
  await client.hears(encodeTextFrame("stdout", "early\n"));
  await client.closesItsHalf();
  await client.hearsEnd();
  expect((await docker.asks(`GET ${V}/${id}/json`)).json.State).toMatchObject({ Status: "exited", ExitCode: 0 });
});

test("leave an open standard input behind: the container goes on", async () => {
  const docker = new MockedDaemon();
  const id = await create(docker, { Cmd: ["cat"], OpenStdin: true });
  await docker.asks(`POST ${V}/${id}/start`);
  const client = await attach(docker, id);
  await client.closesItsHalf();
  await client.hearsEnd();
  expect((await docker.asks(`GET ${V}/${id}/json`)).json.State.Status).toBe("running");
});

test("at a terminal see what they type, with a terminal's line ends", async () => {
  const docker = new MockedDaemon();
  const id = await create(docker, { Cmd: ["sh", "-c", "read x; echo got $x"], OpenStdin: true, Tty: true });
  const client = await attach(docker, id);
  await docker.asks(`POST ${V}/${id}/start`);
  await client.sends("hi\r");
  expect(await client.hearsAll()).toBe("hi\r\ngot hi\r\n");
});

test("interrupt a process other than the first with Ctrl-C", async () => {
  const docker = new MockedDaemon();
  const id = await create(docker, { Cmd: ["sh"], OpenStdin: true, Tty: true });
  const client = await attach(docker, id);
  await docker.asks(`POST ${V}/${id}/start`);
  await client.hearsUpTo("/ # ");
  await client.sends("sleep 600\r");
  await client.hearsUpTo("sleep 600\r\n");
  await waitForQuiet();
  await client.sends("\x03");
  await client.hearsUpTo("^C/ # ");
  await client.sends("echo $?; exit 3\r");
  expect(await client.hearsAll()).toContain("130\r\n");
  expect((await docker.asks(`GET ${V}/${id}/json`)).json.State.ExitCode).toBe(3);
});

test("are asked for the cursor's place by a shell, and their terminal's reply is not input", async () => {
  const docker = new MockedDaemon();
  const id = await create(docker, { Cmd: ["sh"], OpenStdin: true, Tty: true });
  const client = await attach(docker, id);
  await docker.asks(`POST ${V}/${id}/start`);
  await client.hearsUpTo("/ # \x1b[6n");
  await client.sends("\x1b[24;");
  await client.sends("5Recho \x1b[A\r");
  expect(await client.hearsUpTo("/ # \x1b[6n")).toBe("echo \x1b[A\r\n\x1b[A\r\n/ # \x1b[6n");
  await client.sends("\x04");
  expect(await client.hearsAll()).toBe("\r\n");
});

test("lose what they send with their request, and nothing later", async () => {
  const docker = new MockedDaemon();
  const id = await create(docker, { Cmd: ["cat"], OpenStdin: true, StdinOnce: true });
  const client = docker.client();
  await client.sends(`${upgradeRequest(`POST ${V}/${id}/attach?${ALL}`)}too early\n`);
  await client.hearsUpTo("\r\n\r\n");
  await docker.asks(`POST ${V}/${id}/start`);
  await client.sends("in time\n");
  await client.closesItsHalf();
  expect(await client.hearsAll()).toBe(encodeTextFrame("stdout", "in time\n"));
});

test("detach with their keys, and the container goes on", async () => {
  const docker = new MockedDaemon();
  const id = await create(docker, { Cmd: ["cat"], OpenStdin: true, Tty: true });
  await docker.asks(`POST ${V}/${id}/start`);
  const client = await attach(docker, id, `${ALL}&detachKeys=ctrl-a,d`);
  await client.sends("\x01d");
  await client.hearsEnd();
  expect(docker.engine.events.past.at(-1)?.action).toBe("detach");
});

test("get errors in a raw stream", async () => {
  const docker = new MockedDaemon();
  const client = docker.client();
  await client.sends(upgradeRequest(`POST ${V}/nosuch/attach?stream=1`));
  expect(await client.hearsAll()).toBe(
    `HTTP/1.1 404 Not Found\r\nContent-Type: ${RAW_STREAM}\r\n\r\nNo such container: nosuch\r\n`,
  );
});

test.each([
  ["1.41", 0x82],
  ["1.27", 0x81],
])("by websocket get messages, at API %s of type %i", async (api, type) => {
  const docker = new MockedDaemon();
  const id = await create(docker, { Cmd: ["sh", "-c", "echo out; echo err >&2"] });
  const client = docker.client();
  const key = "dGhlIHNhbXBsZSBub25jZQ==";
  const upgrade = `Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${key}\r\n`;
  await client.sends(`GET /v${api}/containers/${id}/attach/ws?${ALL} HTTP/1.1\r\nHost: d\r\n${upgrade}\r\n`);
  expect(await client.hearsUpTo("\r\n\r\n")).toContain("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  await docker.asks(`POST ${V}/${id}/start`);
  const opcode = type === 0x82 ? "binary" : "text";
  const messages = ["out\n", "err\n"].map((text) => encodeWebsocketFrame(opcode, Buffer.from(text)).toString("latin1"));
  expect(await client.hearsAll()).toBe(`${messages.join("")}\x88\x02\x03\xe8`);
});

test("exec: a command's streams, its status, and that it runs only once", async () => {
  const docker = new MockedDaemon();
  const id = await docker.runs("sleep 600", {}, "web");
  const { json } = await docker.asks(`POST ${V}/${id}/exec`, {
    Cmd: ["sh", "-c", "cat; exit 3"],
    AttachStdin: true,
    AttachStdout: true,
  });
  const client = docker.client();
  await client.sends(upgradeRequest(`POST /v1.41/exec/${json.Id}/start`, "{}"));
  await client.hearsUpTo("\r\n\r\n");
  await client.sends("hello\n");
  await client.closesItsHalf();
  expect(await client.hearsAll()).toBe(encodeTextFrame("stdout", "hello\n"));
  expect((await docker.asks(`GET /v1.41/exec/${json.Id}/json`)).json).toMatchObject({ Running: false, ExitCode: 3 });
  const again = docker.client();
  await again.sends(upgradeRequest(`POST /v1.41/exec/${json.Id}/start`, "{}"));
  await again.hearsUpTo("\r\n\r\n");
  expect(await again.hearsAll()).toBe(encodeTextFrame("stdout", `Error: Exec command ${json.Id} has already run\r\n`));
});

test("logs: those selected, and those to come", async () => {
  const docker = new MockedDaemon();
  const id = await docker.runs("for i in 1 2 3; do echo line $i; sleep 1; done");
  await docker.passes(1100);
  expect(await docker.readsLogs(id, "stdout=1&tail=1")).toBe("line 2\n");
  const client = docker.client();
  await client.sends(`GET ${V}/${id}/logs?stdout=1&follow=1&tail=0 HTTP/1.1\r\nHost: d\r\n\r\n`);
  await client.hearsUpTo("\r\n\r\n");
  await docker.passes(1000);
  await client.hears(`f\r\n${encodeTextFrame("stdout", "line 3\n")}\r\n`);
  await docker.passes(1000);
  await client.hears("0\r\n\r\n");
});
