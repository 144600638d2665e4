import { expect, test } from "vitest";
import { toDigest } from "../../../src/mock/images/layers.ts";
import {
  type RegistryResponse,
  type RegistryTransport,
  RemoteRegistry,
} from "../../../src/mock/registry/remote-registry.ts";
import { MockedDaemon } from "../../playbook/mocked.ts";

const NOBODY = ["X-Registry-Auth: e30="];
const SOMEBODY = [`X-Registry-Auth: ${Buffer.from('{"username":"tide","password":"low"}').toString("base64")}`];
const NAME = "127.0.0.1:5000/web";

/** What the distribution API asks of a registry, and no more. */
function registryInMemory(password: string): RegistryTransport {
  const kept = new Map<string, Buffer>();
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
      kept.set(digest === undefined ? path : path.replace(/uploads\/.*/, digest), body);
      return answer(digest === undefined || digest === toDigest(body) ? 201 : 400);
    }
    const found = kept.get(path);
    return found === undefined ? answer(404) : answer(200, method === "HEAD" ? undefined : found);
  };
}

test("what one daemon pushes another pulls, with all its layers", async () => {
  const registry = new RemoteRegistry(registryInMemory("low"));
  const [one, other] = [new MockedDaemon({ registry }), new MockedDaemon({ registry })];
  const id = await one.runs("echo hi > /file");
  await one.asks(`POST /v1.41/commit?container=${id}&repo=${NAME}&tag=1`);
  const pushed = await one.sends(`POST /v1.41/images/${NAME}/push?tag=1`, { headers: SOMEBODY });
  expect(pushed.text).toContain('"status":"Pushed"');
  const again = await one.sends(`POST /v1.41/images/${NAME}/push?tag=1`, { headers: SOMEBODY });
  expect(again.text).toContain('"status":"Layer already exists"');
  const pulled = await other.sends(`POST /v1.41/images/create?fromImage=${NAME}:1`, { headers: SOMEBODY });
  expect(pulled.text).toContain(`Status: Downloaded newer image for ${NAME}:1`);
  expect(other.engine.images.find(`${NAME}:1`).id).toBe(one.engine.images.find(`${NAME}:1`).id);
  expect(await other.readsLogs(await other.runs("cat /file", { Image: `${NAME}:1` }))).toBe("hi\n");
});

test("it is told who asks, and what it refuses is passed on", async () => {
  const docker = new MockedDaemon({ registry: new RemoteRegistry(registryInMemory("high")) });
  const line = `POST /v1.41/images/create?fromImage=${NAME}:1`;
  const [anonymous, wrong] = [
    await docker.sends(line, { headers: NOBODY }),
    await docker.sends(line, { headers: SOMEBODY }),
  ];
  expect([anonymous.status, anonymous.json.message]).toEqual([
    500,
    'Head "http://127.0.0.1:5000/v2/web/manifests/1": no basic auth credentials',
  ]);
  expect([wrong.status, wrong.json.message]).toEqual([500, "unauthorized: authentication required"]);
});
