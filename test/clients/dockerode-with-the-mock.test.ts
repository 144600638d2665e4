import { once } from "node:events";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import Docker from "dockerode";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type MockDocker, mockDocker } from "../../src/modes/mock-docker.ts";

let mock: MockDocker;
let docker: Docker;

beforeAll(async () => {
  mock = await mockDocker({ startupMs: 0 });
  docker = new Docker({ socketPath: mock.socketPath as string });
});

afterAll(() => mock.stop());

async function createContainer(settings: Docker.ContainerCreateOptions): Promise<Docker.Container> {
  return docker.createContainer({ Image: "busybox", ...settings });
}

test("a command is run to its end", async () => {
  const [out, err] = [new PassThrough(), new PassThrough()];
  const [result, container] = await docker.run("busybox", ["sh", "-c", "echo out; echo err >&2; exit 5"], [out, err], {
    Tty: false,
  });
  expect(result).toEqual({ StatusCode: 5 });
  expect([String(out.read()), String(err.read())]).toEqual(["out\n", "err\n"]);
  await container.remove();
});

test("an attached client's input arrives, and it gets the end", async () => {
  const container = await createContainer({ Cmd: ["cat"], OpenStdin: true, StdinOnce: true });
  const stream = await container.attach({ stream: true, stdin: true, stdout: true, hijack: true });
  await container.start();
  stream.end("hello\n");
  const heard = new PassThrough();
  docker.modem.demuxStream(stream, heard, heard);
  stream.on("end", () => heard.end());
  expect(await text(heard)).toBe("hello\n");
  expect(await container.wait()).toMatchObject({ StatusCode: 0 });
  await container.remove();
});

test("a terminal has the size that it was given", async () => {
  const container = await createContainer({ Cmd: ["sh"], OpenStdin: true, Tty: true });
  const stream = await container.attach({ stream: true, stdin: true, stdout: true, hijack: true });
  await container.start();
  await container.resize({ h: 10, w: 33 });
  stream.write("stty size; exit 2\n");
  expect(await text(stream)).toContain("10 33\r\n");
  expect(await container.wait()).toMatchObject({ StatusCode: 2 });
  await container.remove();
});

test("a second command runs beside the first, and events and files tell of it", async () => {
  const container = await createContainer({ Cmd: ["sleep", "100"], name: "web" });
  await container.start();
  const events = await docker.getEvents({ filters: { container: ["web"] } });
  const exec = await container.exec({ Cmd: ["sh", "-c", "read x; echo $x > /tmp/x; exit 3"], AttachStdin: true });
  const stream = await exec.start({ hijack: true, stdin: true });
  stream.end("pearl\n");
  await text(stream);
  expect(await exec.inspect()).toMatchObject({ Running: false, ExitCode: 3 });
  expect(await text(await container.getArchive({ path: "/tmp/x" }))).toContain("pearl\n");
  await container.kill();
  await container.remove();
  const [first] = await once(events, "data");
  expect(JSON.parse(String(first).split("\n")[0] as string)).toMatchObject({
    Type: "container",
    Actor: { Attributes: { name: "web" } },
  });
  (events as NodeJS.ReadableStream & { destroy(): void }).destroy();
  await expect(container.inspect()).rejects.toMatchObject({ statusCode: 404 });
});
