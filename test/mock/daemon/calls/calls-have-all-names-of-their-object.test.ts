import { expect, test } from "vitest";
import { SimulatedDaemon } from "../../../playbook/simulated.ts";

async function createDaemon(): Promise<SimulatedDaemon> {
  const docker = new SimulatedDaemon({
    networks: ["back"],
    volumes: ["data"],
    containers: [{ name: "web", image: "nginx" }],
  });
  await docker.asks("POST /v1.41/containers/web/exec", { Cmd: ["true"] });
  return docker;
}

/** Replaces the ids that the daemon made by the names of what they belong to. */
function fillIn(line: string, { simulation: { engine } }: SimulatedDaemon): string {
  const web = engine.containers.find("web");
  const [exec] = [...engine.execs];
  const [back] = [...engine.networks].filter(({ name }) => name === "back");
  return line
    .replace("{web}", web.id)
    .replace("{we}", web.id.slice(0, 12))
    .replace("{exec}", exec?.id ?? "")
    .replace("{back}", back?.id ?? "");
}

test.each([
  ["GET /v1.41/containers/web/json", ["web", "{web}", "nginx"]],
  ["GET /v1.41/containers/{web}/json", ["{web}", "web", "nginx"]],
  ["GET /v1.41/containers/{we}/json", ["{we}", "web", "{web}", "nginx"]],
  ["GET /v1.41/containers/nosuch/json", ["nosuch"]],
  ["GET /v1.41/exec/{exec}/json", ["{exec}", "web", "{web}", "nginx"]],
  ["GET /v1.41/exec/nosuch/json", ["nosuch"]],
  ["GET /v1.41/images/nginx/json", ["nginx", "nginx:latest"]],
  ["GET /v1.41/images/nosuch/json", ["nosuch"]],
  ["GET /v1.41/networks/{back}", ["{back}", "back"]],
  ["GET /v1.41/networks/back", ["back", "{back}"]],
  ["GET /v1.41/volumes/data", ["data"]],
  ["POST /v1.41/containers/create?name=job", ["job"]],
  ["POST /v1.41/images/create?fromImage=redis&tag=7", ["redis"]],
  ["POST /v1.41/build?t=a&t=b", ["a", "b"]],
  ["GET /v1.41/info", []],
])("%s has the names %j", async (line, names) => {
  const docker = await createDaemon();
  await docker.asks(fillIn(line, docker));
  expect(docker.simulation.calls.at(-1)?.names).toEqual(names.map((name) => fillIn(name, docker)));
});

test("calls can be selected without an operation, and from their end", async () => {
  const docker = await createDaemon();
  await docker.asks("GET /v1.41/containers/nosuch/json");
  const { calls } = docker.simulation;
  expect(calls.matching({ status: 404 }).map(({ number }) => number)).toEqual([2]);
  expect(calls.matching({ name: "w*" })).toHaveLength(1);
  expect([calls.at(0)?.operation, calls.at(-1)?.operation, calls.at(9)]).toEqual([
    "ContainerExec",
    "ContainerInspect",
    undefined,
  ]);
});
