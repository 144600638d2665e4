import { expect, test } from "vitest";
import { MockedDaemon } from "../../playbook/mocked.ts";

test.each([
  ["redis", ["redis-server", "--version"], "redis-server (simulated)"],
  ["nginx", ["nginx", "-V"], "nginx (simulated)"],
  ["nginx", ["nginx", "-v"], "nginx (simulated)"],
  ["nginx", ["nginx", "-t"], "nginx (simulated)"],
  ["redis", ["redis-server", "-v"], "redis-server (simulated)"],
  ["postgres", ["postgres", "--help"], "postgres (simulated)"],
])("a stand-in of %s ends after %j", async (image, Cmd, line) => {
  const docker = new MockedDaemon();
  await docker.asks(`POST /v1.41/images/create?fromImage=${image}&tag=latest`);
  await docker.asks("POST /v1.41/containers/create?name=web", { Image: image, Cmd, Tty: true });
  await docker.asks("POST /v1.41/containers/web/start");
  expect((await docker.asks("POST /v1.41/containers/web/wait")).json.StatusCode).toBe(0);
  expect((await docker.asks("GET /v1.41/containers/web/logs?stdout=1")).text).toBe(`${line}\r\n`);
});
