import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { publishPort } from "../../src/io/listen/published-port.ts";
import type { PublishedPort } from "../../src/replay/deck/published-ports.ts";

async function publish(port: number): Promise<PublishedPort> {
  const one = await publishPort(port);
  onTestFinished(() => one.close());
  return one;
}

async function connectClient(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  return socket.on("error", () => undefined);
}

test("it accepts connections, lets them talk, and closes when they do", async () => {
  const { port } = await publish(0);
  const [one, two] = [await connectClient(port), await connectClient(port)];
  one.write("GET / HTTP/1.0\r\n\r\n");
  one.end();
  await once(one.resume(), "end");
  expect(two.readyState).toBe("open");
});

test("a port that is taken is answered at another one", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const taken = (server.address() as AddressInfo).port;
  const { port } = await publish(taken);
  expect(port).not.toBe(taken);
  await connectClient(port);
});

test("a closed port is free again, and its connections are closed", async () => {
  const first = await publish(0);
  const held = await connectClient(first.port);
  const gone = new Promise((resolve) => held.on("close", resolve));
  await first.close();
  await gone;
  expect((await publish(first.port)).port).toBe(first.port);
});

test("it greets each client, and answers each piece that it receives", async () => {
  const { port, close } = await publishPort(0, {
    greets: Buffer.from("220 mail\r\n"),
    answers: Buffer.from("250 ok\r\n"),
  });
  onTestFinished(close);
  const socket = await connectClient(port);
  const [greeting] = (await once(socket, "data")) as [Buffer];
  socket.write("HELO\r\n");
  const [answer] = (await once(socket, "data")) as [Buffer];
  expect([greeting, answer].map(String)).toEqual(["220 mail\r\n", "250 ok\r\n"]);
});
