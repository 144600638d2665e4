/** A replayed container's published port, over real sockets. */
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { type AddressInfo, connect as connectTo, createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { connect } from "../../src/io/upstream/connect.ts";
import { parseUpstream } from "../../src/io/upstream/upstream.ts";
import { replayCassettes } from "../../src/modes/replay.ts";
import { createTemporaryFolder } from "../io/temporary.ts";
import { request } from "../playbook/http.ts";
import { Peer } from "../playbook/peer.ts";

async function isAnswered(port: number): Promise<boolean> {
  const socket = connectTo(port, "127.0.0.1");
  const isConnected = await Promise.race([
    once(socket, "connect").then(() => true),
    new Promise<boolean>((resolve) => socket.on("error", () => resolve(false))),
  ]).catch(() => false);
  socket.destroy();
  return isConnected;
}

test("a client that waits for the mapped port finds it, until the container is stopped", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const taken = (server.address() as AddressInfo).port;
  const cassette = join(createTemporaryFolder(), "web.yaml");
  writeFileSync(
    cassette,
    `whalesong: 1
---
request: POST /containers/web/start
response: 204 No Content
---
request: GET /containers/web/json
response:
  status: 200 OK
  json: {"NetworkSettings":{"Ports":{"80/tcp":[{"HostIp":"0.0.0.0","HostPort":"${taken}"}]}}}
---
request: POST /containers/web/stop
response: 204 No Content
`,
  );
  const player = await replayCassettes({ cassettes: [cassette], answersPorts: true });
  onTestFinished(async () => void (await player.stop()));
  const client = new Peer(await connect(parseUpstream(player.url)));
  onTestFinished(() => client.connection.reset());
  await client.sends(request("POST /containers/web/start"), request("GET /containers/web/json"));
  const [, port] = /"HostPort":"(\d+)"/.exec(await client.hearsUpTo("]}}}")) ?? [];
  expect(Number(port)).not.toBe(taken);
  expect(await isAnswered(Number(port))).toBe(true);
  await client.sends(request("POST /containers/web/stop"));
  await client.hearsUpTo("204 No Content");
  expect(await isAnswered(Number(port))).toBe(false);
});
