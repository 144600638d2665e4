import { describe, expect, test } from "vitest";
import {
  getRequestDestination,
  getSocketDestination,
  listUsualAddresses,
  parseDestination,
} from "../../../src/io/intercept/destination.ts";

test.each([
  ["/var/run/docker.sock", { path: "/var/run/docker.sock" }],
  ["unix:///var/run/../run/docker.sock", { path: "/var/run/docker.sock" }],
  ["npipe:////./pipe/docker_engine", { path: "\\\\.\\pipe\\docker_engine" }],
  ["npipe:////./pipe/docker_engine", { path: "//./PIPE/Docker_Engine" }],
  ["tcp://docker:2375", { host: "Docker", port: "2375" }],
  ["tcp://localhost", { host: "127.0.0.1", port: 2375 }],
  ["tcp://127.0.0.1:2375", { port: 2375 }],
  ["tcp://[::1]:2375", { host: "::1", port: 2375 }],
  ["http://docker", { host: "docker", port: 80 }],
  ["https://docker", { host: "docker", port: 443 }],
])("%s is where %j goes", (address, options) => {
  expect(getSocketDestination(options)).toBe(parseDestination(address));
});

test("an HTTP request's path is another one", () => {
  expect(getRequestDestination({ path: "/info", socketPath: "/a.sock" })).toBe("unix:/a.sock");
  expect(getRequestDestination({ path: "/info", hostname: "docker", host: "other" })).toBe("tcp:docker:80");
});

test("what is no address is left to Node", () => {
  expect([
    getSocketDestination({}),
    getSocketDestination({ path: "" }),
    getSocketDestination({ port: "no" }),
    getSocketDestination({ path: 1 }),
  ]).toEqual(Array(4).fill(undefined));
});

test.each(["unix://", "ssh://docker", "tcp://a/b/c", "fd://3"])(
  "%s cannot be intercepted, and that is said",
  (address) => {
    expect(() => parseDestination(address)).toThrow(expect.objectContaining({ code: "WHALESONG_BAD_ADDRESS" }));
  },
);

describe("the usual addresses", () => {
  const usual = ["unix:///var/run/docker.sock", "unix:///run/docker.sock", "unix:///nobody/.docker/run/docker.sock"];
  const pipe = "npipe:////./pipe/docker_engine";

  test.each([
    [{}, [...usual, pipe]],
    [{ XDG_RUNTIME_DIR: "/run/user/1" }, [...usual, "unix:///run/user/1/docker.sock", pipe]],
    [{ DOCKER_HOST: "unix:///my.sock" }, ["unix:///my.sock", ...usual, pipe]],
    [{ DOCKER_HOST: "tcp://docker" }, ["tcp://docker:2375", ...usual, pipe]],
    [{ DOCKER_HOST: "tcp://docker", DOCKER_TLS_VERIFY: "1" }, ["tcp://docker:2376", ...usual, pipe]],
    [{ DOCKER_HOST: "npipe:////./pipe/other" }, ["npipe:////./pipe/other", ...usual, pipe]],
    [{ DOCKER_HOST: "ssh://docker" }, [...usual, pipe]],
    [{ DOCKER_HOST: "nonsense://" }, [...usual, pipe]],
    [{ DOCKER_CONTEXT: "there-is-none" }, [...usual, pipe]],
  ])("%j", (env, addresses) => {
    expect(listUsualAddresses(env, "/nobody")).toEqual(addresses);
  });
});
