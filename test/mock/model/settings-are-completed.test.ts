import { describe, expect, test } from "vitest";
import { SeededRandom } from "../../../src/base/random.ts";
import { mergeConfig, type SentConfig, toContainerConfig } from "../../../src/mock/model/container-config.ts";
import { generateName } from "../../../src/mock/model/container-names.ts";
import { toHostConfig } from "../../../src/mock/model/host-config.ts";

const IMAGE: SentConfig = {
  User: "app",
  Env: ["PATH=/bin", "A=image", "B=image"],
  Cmd: ["serve"],
  Entrypoint: ["/entry"],
  ExposedPorts: { "80/tcp": {} },
  Labels: { tier: "back", team: "tide" },
  Volumes: { "/data": {} },
  WorkingDir: "/srv",
  StopSignal: "QUIT",
  Healthcheck: { Test: ["CMD", "true"], Interval: 5, Retries: 2 },
};

describe("a container inherits from its image (moby merge)", () => {
  test.each<[string, SentConfig, SentConfig, object]>([
    [
      "everything that it does not set",
      {},
      IMAGE,
      { User: "app", Cmd: ["serve"], Entrypoint: ["/entry"], WorkingDir: "/srv", StopSignal: "QUIT" },
    ],
    [
      "nothing that it sets",
      { User: "me", WorkingDir: "/x", StopSignal: "INT" },
      IMAGE,
      { User: "me", WorkingDir: "/x", StopSignal: "INT" },
    ],
    ["variables of other names", { Env: ["A=own", "C"] }, IMAGE, { Env: ["A=own", "C", "PATH=/bin", "B=image"] }],
    ["all variables without its own", { Env: [] }, IMAGE, { Env: ["PATH=/bin", "A=image", "B=image"] }],
    ["no command with an entrypoint of its own", { Entrypoint: ["sh"] }, IMAGE, { Entrypoint: ["sh"], Cmd: null }],
    ["the entrypoint with a command of its own", { Cmd: ["x"] }, IMAGE, { Entrypoint: ["/entry"], Cmd: ["x"] }],
    ["the command with an empty one", { Cmd: [] }, IMAGE, { Cmd: ["serve"] }],
    [
      "the command, but no entrypoint with an empty list",
      { Entrypoint: [] },
      IMAGE,
      { Entrypoint: [], Cmd: ["serve"] },
    ],
    ["neither with an entrypoint of one empty word", { Entrypoint: [""] }, IMAGE, { Entrypoint: null, Cmd: null }],
    [
      "ports, labels and volumes besides its own",
      { ExposedPorts: { "81/tcp": {} }, Labels: { tier: "front" }, Volumes: { "/own": {} } },
      IMAGE,
      {
        ExposedPorts: { "80/tcp": {}, "81/tcp": {} },
        Labels: { tier: "front", team: "tide" },
        Volumes: { "/data": {}, "/own": {} },
      },
    ],
    [
      "the members of a health check that it does not set",
      { Healthcheck: { Retries: 9 } },
      IMAGE,
      { Healthcheck: { Test: ["CMD", "true"], Interval: 5, Retries: 9 } },
    ],
    ["the whole health check", {}, IMAGE, { Healthcheck: { Test: ["CMD", "true"], Interval: 5, Retries: 2 } }],
    [
      "no health check from an image without one",
      { Healthcheck: { Test: ["NONE"] } },
      {},
      { Healthcheck: { Test: ["NONE"] } },
    ],
  ])("%s", (_, own, image, expected) => {
    expect(mergeConfig(toContainerConfig(own), toContainerConfig(image))).toMatchObject(expected);
  });
});

test("settings have all members in dockerd's order, and omit empty optional ones", () => {
  const config = toContainerConfig({ Cmd: "one", Healthcheck: {}, Shell: [], MacAddress: "", StopTimeout: 0 });
  expect(Object.keys(config).join(" ")).toBe(
    "Hostname Domainname User AttachStdin AttachStdout AttachStderr Tty OpenStdin StdinOnce Env Cmd Healthcheck Image Volumes WorkingDir Entrypoint OnBuild Labels StopTimeout",
  );
  expect([config.Cmd, config.Env, config.StopTimeout, config.Healthcheck]).toEqual([["one"], null, 0, {}]);
});

test.each<[string, object, unknown]>([
  ["ShmSize", { ShmSize: 0 }, 67_108_864],
  ["ShmSize", { ShmSize: 5 }, 5],
  ["PidsLimit", { PidsLimit: -1 }, null],
  ["PidsLimit", { PidsLimit: 7 }, 7],
  ["MemorySwappiness", { MemorySwappiness: -1 }, null],
  ["NetworkMode", { NetworkMode: "" }, "default"],
  ["LogConfig", { LogConfig: { Type: "" } }, { Type: "json-file", Config: {} }],
  ["RestartPolicy", { RestartPolicy: { Name: "always" } }, { Name: "always", MaximumRetryCount: 0 }],
  [
    "PortBindings",
    { PortBindings: { "80/tcp": [{}], "81/tcp": null } },
    { "80/tcp": [{ HostIp: "", HostPort: "" }], "81/tcp": null },
  ],
  ["MaskedPaths", { Privileged: true }, null],
  ["IpcMode", {}, "private"],
  ["Unknown", { Unknown: 1 }, undefined],
])("the %s of %j", (name, sent, value) => {
  expect(toHostConfig(sent)[name]).toEqual(value);
});

test("a generated name is two words, the same for the same seed, and free", () => {
  const [one, again] = [new SeededRandom("a"), new SeededRandom("a")].map((random) =>
    generateName(random, () => false),
  );
  expect(one).toMatch(/^[a-z]+_[a-z]+$/);
  expect(again).toBe(one);
  expect(generateName(new SeededRandom("a"), (name) => !/\d$/.test(name))).toMatch(/^[a-z]+_[a-z]+\d+$/);
});
