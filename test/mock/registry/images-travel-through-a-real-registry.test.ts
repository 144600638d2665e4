import { expect, test } from "vitest";
import { toDigest } from "../../../src/mock/images/layers.ts";
import {
  type RegistryResponse,
  type RegistryTransport,
  RemoteRegistry,
} from "../../../src/mock/registry/remote-registry.ts";
import { MockedDaemon } from "../../playbook/mocked.ts";

const ANONYMOUS = ["X-Registry-Auth: e30="];
const WITH_LOGIN = [`X-Registry-Auth: ${Buffer.from('{"username":"tide","password":"low"}').toString("base64")}`];
const NAME = "127.0.0.1:5000/web";

/** A registry with just the requests that dockerd sends. */
function createRegistry(password: string): RegistryTransport {
  const stored = new Map<string, Buffer>();
  const answer = (status: number, body: Buffer = Buffer.alloc(0), location?: string): RegistryResponse => ({
    status,
    headers: { location },
    body,
  });
  const login = `Basic ${Buffer.from(`tide:${password}`).toString("base64")}`;
  return async (_host, method, path, { headers, body = Buffer.alloc(0) }) => {
    if (headers.Authorization !== login) return answer(401);
    if (method === "POST") return answer(202, undefined, `http://127.0.0.1:5000${path}1?state=2`);
    if (method === "PUT") {
      const digest = /digest=(.*)$/.exec(path)?.[1];
      stored.set(digest === undefined ? path : path.replace(/uploads\/.*/, digest), body);
      return answer(digest === undefined || digest === toDigest(body) ? 201 : 400);
    }
    const content = stored.get(path);
    return content === undefined ? answer(404) : answer(200, method === "HEAD" ? undefined : content);
  };
}

test("one daemon pulls what another has pushed, with all layers", async () => {
  const registry = new RemoteRegistry(createRegistry("low"));
  const [one, other] = [new MockedDaemon({ registry }), new MockedDaemon({ registry })];
  const id = await one.runs("echo hi > /file");
  await one.asks(`POST /v1.41/commit?container=${id}&repo=${NAME}&tag=1`);
  const pushed = await one.sends(`POST /v1.41/images/${NAME}/push?tag=1`, { headers: WITH_LOGIN });
  expect(pushed.text).toContain('"status":"Pushed"');
  const again = await one.sends(`POST /v1.41/images/${NAME}/push?tag=1`, { headers: WITH_LOGIN });
  expect(again.text).toContain('"status":"Layer already exists"');
  const pulled = await other.sends(`POST /v1.41/images/create?fromImage=${NAME}:1`, { headers: WITH_LOGIN });
  expect(pulled.text).toContain(`Status: Downloaded newer image for ${NAME}:1`);
  expect(other.engine.images.find(`${NAME}:1`).id).toBe(one.engine.images.find(`${NAME}:1`).id);
  expect(await other.readsLogs(await other.runs("cat /file", { Image: `${NAME}:1` }))).toBe("hi\n");
});

test("it gets the credentials, and its refusals reach the client", async () => {
  const docker = new MockedDaemon({ registry: new RemoteRegistry(createRegistry("high")) });
  const line = `POST /v1.41/images/create?fromImage=${NAME}:1`;
  const [anonymous, wrong] = [
    await docker.sends(line, { headers: ANONYMOUS }),
    await docker.sends(line, { headers: WITH_LOGIN }),
  ];
  expect([anonymous.status, anonymous.json.message]).toEqual([
    500,
    'Head "http://127.0.0.1:5000/v2/web/manifests/1": no basic auth credentials',
  ]);
  expect([wrong.status, wrong.json.message]).toEqual([500, "unauthorized: authentication required"]);
});
