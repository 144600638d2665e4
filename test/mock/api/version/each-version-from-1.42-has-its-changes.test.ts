/** What API 1.42 to 1.51 changed, as Engine 28 answers (moby, the API's version history). */
import { describe, expect, test } from "vitest";
import { findFieldValue } from "../../../../src/wire/http/head.ts";
import { MockedDaemon, type TestResponse } from "../../../playbook/mocked.ts";
import { waitForQuiet } from "../../../playbook/quiet.ts";

const SLEEPER = { Image: "busybox", Cmd: ["sleep", "1000"] };
const MAC = "02:42:ac:11:00:99";

/** A daemon that resembles Engine 28, with a running container `web` in the networks `bridge` and `tide`. */
async function start28(more: object = {}): Promise<MockedDaemon> {
  const docker = new MockedDaemon({ engine: "28" });
  await docker.asks("POST /v1.51/networks/create", { Name: "tide" });
  const settings = { Image: "busybox", Cmd: ["sh", "-c", "echo out; sleep 1000"], Hostname: "shore", ...more };
  await docker.asks("POST /v1.51/containers/create?name=web", settings);
  await docker.asks("POST /v1.51/containers/web/start");
  await waitForQuiet();
  await docker.asks("POST /v1.51/networks/tide/connect", { Container: "web", EndpointConfig: { Aliases: ["boat"] } });
  return docker;
}

/** The member of the JSON at `.State.Status`; `0` is the first of a list. */
function memberAt(json: unknown, path: string): unknown {
  return path
    .split("/")
    .filter((name) => name !== "")
    .reduce((value, name) => (value as Record<string, unknown> | undefined)?.[name], json);
}

/** A member in the version that changed it, and in the one before. Undefined: it is not there. */
type Change = readonly [since: string, page: string, path: string, before: unknown, after: unknown];

const CHANGES: readonly Change[] = [
  ["1.51", "/images/json", "0/Containers", -1, 1],
  ["1.50", "/info", "BridgeNfIptables", false, undefined],
  ["1.50", "/images/busybox/json", "Config/Hostname", "", undefined],
  ["1.49", "/info", "FirewallBackend", undefined, { Driver: "iptables" }],
  ["1.49", "/info", "InitCommit/Expected", "de40ad0", undefined],
  ["1.47", "/info", "RegistryConfig/AllowNondistributableArtifactsCIDRs", null, undefined],
  ["1.46", "/info", "Containerd/Namespaces/Containers", undefined, "moby"],
  ["1.46", "/containers/json", "0/HostConfig/Annotations", undefined, { a: "b" }],
  ["1.45", "/images/busybox/json", "ContainerConfig/Hostname", "", undefined],
  ["1.44", "/info", "Runtimes/runc/status", undefined, expect.anything()],
  ["1.44", "/images/busybox/json", "VirtualSize", expect.any(Number), undefined],
  ["1.44", "/images/json", "0/VirtualSize", expect.any(Number), undefined],
  ["1.44", "/system/df", "Images/0/VirtualSize", expect.any(Number), undefined],
  ["1.43", "/images/json", "0/RepoDigests", null, []],
  ["1.42", "/info", "KernelMemory", true, undefined],
];

describe("a response", () => {
  test.each(CHANGES)("changed in API %s: GET %s has another %s", async (since, page, path, before, after) => {
    const docker = await start28({ HostConfig: { Annotations: { a: "b" } } });
    const previous = `1.${Number(since.split(".")[1]) - 1}`;
    const [old, now] = [await docker.asks(`GET /v${previous}${page}`), await docker.asks(`GET /v${since}${page}`)];
    expect([memberAt(old.json, path), memberAt(now.json, path)]).toEqual([before, after]);
  });

  test("has the container's own names among its aliases before 1.45", async () => {
    const docker = await start28();
    const aliasesIn = async (api: string): Promise<unknown> => {
      const { json } = await docker.asks(`GET /v${api}/containers/web/json`);
      return json.NetworkSettings.Networks.tide.Aliases;
    };
    const id = (await docker.asks("GET /containers/web/json")).json.Id.slice(0, 12);
    expect(await aliasesIn("1.44")).toEqual(["boat", id, "shore"]);
    expect(await aliasesIn("1.45")).toEqual(["boat"]);
  });

  test("without a version is of the newest version", async () => {
    const docker = await start28();
    const { head } = await docker.asks("GET /_ping");
    const read = (name: string): string | undefined => findFieldValue(head.fields, name);
    expect(["Api-Version", "Builder-Version", "Swarm", "Server"].map(read)).toEqual([
      "1.51",
      "2",
      "inactive",
      "Docker/28.5.2 (linux)",
    ]);
  });
});

describe("the output of a container", () => {
  const MULTIPLEXED = "application/vnd.docker.multiplexed-stream";
  const RAW = "application/vnd.docker.raw-stream";
  const typeOf = ({ head }: TestResponse): string | undefined => findFieldValue(head.fields, "Content-Type");

  test.each([
    ["1.41", false, RAW],
    ["1.42", false, MULTIPLEXED],
    ["1.42", true, RAW],
  ])("in API %s, with a terminal: %j, is of type %s", async (api, Tty, type) => {
    const docker = await start28({ Tty });
    expect(typeOf(await docker.asks(`GET /v${api}/containers/web/logs?stdout=1`))).toBe(type);
    const headers = ["Connection: Upgrade", "Upgrade: tcp"];
    const attached = await docker.sends(`POST /v${api}/containers/web/attach?logs=1&stdout=1`, { headers });
    expect([attached.status, typeOf(attached)]).toEqual([101, type]);
  });

  test("that is not upgraded is always of type raw", async () => {
    const docker = await start28();
    expect(typeOf(await docker.sends("POST /v1.51/containers/web/attach?logs=1&stdout=1", {}))).toBe(RAW);
  });
});

/** A create's body, and its outcome: an error, a warning, or what an inspection then has at a path. */
type Creation = readonly [api: string, body: object, outcome: string | readonly [path: string, value: unknown]];

const ETH0 = { Sysctls: { "net.ipv4.conf.eth0.forwarding": "1" } };
const SUBPATH = { Type: "volume", Source: "v", Target: "/v", VolumeOptions: { Subpath: "s" } };
const TMPFS = { Type: "tmpfs", Target: "/t", VolumeOptions: {} };
const inBridge = (settings: object): object => ({ NetworkingConfig: { EndpointsConfig: { bridge: settings } } });

const CREATIONS: readonly Creation[] = [
  ["1.41", { HostConfig: { Mounts: [TMPFS] } }, ["HostConfig/Mounts/0/VolumeOptions", undefined]],
  ["1.42", { HostConfig: { Mounts: [TMPFS] } }, '400 VolumeOptions must not be specified on mount type "tmpfs"'],
  ["1.41", { HostConfig: { ConsoleSize: [7, 8] } }, ["HostConfig/ConsoleSize", [0, 0]]],
  ["1.42", { HostConfig: { ConsoleSize: [7, 8] } }, ["HostConfig/ConsoleSize", [7, 8]]],
  ["1.41", { HostConfig: { KernelMemory: 9e6 } }, ["HostConfig/KernelMemory", 9e6]],
  ["1.42", { HostConfig: { KernelMemory: 9e6 } }, ["HostConfig/KernelMemory", undefined]],
  ["1.42", { HostConfig: { Annotations: { a: "b" } } }, ["HostConfig/Annotations", undefined]],
  ["1.43", { HostConfig: { Annotations: { a: "b" } } }, ["HostConfig/Annotations", { a: "b" }]],
  ["1.43", { Healthcheck: { StartInterval: 2e9 } }, ["Config/Healthcheck", {}]],
  ["1.44", { Healthcheck: { StartInterval: 2e9 } }, ["Config/Healthcheck", { StartInterval: 2e9 }]],
  ["1.44", { Healthcheck: { StartInterval: 2 } }, "400 StartInterval in Healthcheck cannot be less than 1ms"],
  [
    "1.43",
    { NetworkingConfig: { EndpointsConfig: { bridge: {}, tide: {} } } },
    "400 Container cannot be created with multiple network endpoints: bridge, tide",
  ],
  [
    "1.44",
    { NetworkingConfig: { EndpointsConfig: { bridge: {}, tide: {} } } },
    ["NetworkSettings/Networks/tide/Links", null],
  ],
  ["1.43", inBridge({ MacAddress: MAC }), ["NetworkSettings/Networks/bridge/MacAddress", ""]],
  ["1.44", inBridge({ MacAddress: MAC }), ["NetworkSettings/Networks/bridge/MacAddress", MAC]],
  ["1.44", inBridge({ MacAddress: "x" }), "400 invalid config for network bridge: invalid MAC address x"],
  ["1.43", { MacAddress: MAC }, ["NetworkSettings/Networks/bridge/MacAddress", MAC]],
  [
    "1.43",
    { MacAddress: MAC, HostConfig: { NetworkMode: "host" } },
    "400 conflicting options: mac-address and the network mode",
  ],
  [
    "1.44",
    { MacAddress: MAC },
    "The container-wide MacAddress field is now deprecated. It should be specified in EndpointsConfig instead.",
  ],
  [
    "1.44",
    { MacAddress: MAC, NetworkingConfig: { EndpointsConfig: { tide: {} } } },
    "400 unable to migrate container-wide MAC address to a specific network: HostConfig.NetworkMode must match the identity of a network in NetworkSettings.Networks",
  ],
  ["1.44", { HostConfig: { Mounts: [SUBPATH] } }, "400 VolumeOptions.Subpath needs API v1.45 or newer"],
  ["1.47", { HostConfig: { Mounts: [{ Type: "image" }] } }, '400 Mount type "Image" needs API v1.48 or newer'],
  ["1.47", inBridge({ GwPriority: 7 }), ["NetworkSettings/Networks/bridge/GwPriority", 0]],
  ["1.48", inBridge({ GwPriority: 7 }), ["NetworkSettings/Networks/bridge/GwPriority", 7]],
  [
    "1.47",
    { HostConfig: ETH0 },
    'Migrated sysctl "net.ipv4.conf.eth0.forwarding" to DriverOpts{"com.docker.network.endpoint.sysctls":"net.ipv4.conf.IFNAME.forwarding=1"}.',
  ],
  [
    "1.48",
    { HostConfig: ETH0 },
    "500 interface specific sysctl setting \"net.ipv4.conf.eth0.forwarding\" must be supplied using driver option 'com.docker.network.endpoint.sysctls'",
  ],
];

describe("a new container", () => {
  test.each(CREATIONS)("in API %s of %j: %j", async (api, body, outcome) => {
    const docker = await start28();
    const created = await docker.asks(`POST /v${api}/containers/create?name=new`, { ...SLEEPER, ...body });
    const { status, json } = created;
    if (typeof outcome === "string") {
      expect(status === 201 ? json.Warnings.join() : `${status} ${json.message}`).toBe(outcome);
    } else {
      const inspected = await docker.asks("GET /v1.51/containers/new/json");
      expect(memberAt(inspected.json, outcome[0])).toEqual(outcome[1]);
    }
  });
});

/** A request in a version and the one before, and what is compared of the responses. An empty text is not compared. */
const REQUESTS: readonly (readonly [since: string, request: string, before: string, after: string])[] = [
  ["1.42", "POST /volumes/prune", "200 kept", "200 "],
  ["1.42", "GET /system/df?type=nosuch", "200", "400 unknown object type: nosuch"],
  ["1.42", "POST /containers/web/stop?signal=NOSUCH&t=0", "", "500 cannot stop container: web: invalid signal: NOSUCH"],
  ["1.30", "POST /containers/web/wait?condition=soon", "", '400 invalid condition: "soon"'],
  [
    "1.48",
    "GET /images/busybox/history?platform=x",
    "200",
    "400 failed to parse platform: invalid character 'x' looking for beginning of value",
  ],
  ["1.49", "GET /images/busybox/json?platform={}", "200", "400 both OS and Architecture must be provided"],
  [
    "1.49",
    'GET /images/busybox/json?platform={"os":"linux","architecture":"arm"}',
    "200",
    "404 image with reference busybox was found but its platform (linux/amd64) does not match the specified platform (linux/arm)",
  ],
  [
    "1.50",
    "DELETE /images/nosuch?platforms=x",
    "404 No such image: nosuch:latest",
    "400 failed to parse platform: invalid character 'x' looking for beginning of value",
  ],
];

describe("a parameter", () => {
  test.each(REQUESTS)("that API %s brought counts since then: %s", async (since, line, before, after) => {
    const [method, page] = line.split(" ");
    const play = async (api: string): Promise<string> => {
      const docker = await start28();
      await docker.asks("POST /v1.51/volumes/create", { Name: "kept" });
      const { status, json } = await docker.asks(`${method} /v${api}${page}`.replaceAll('"', "%22"));
      const detail = json?.message ?? (page === "/volumes/prune" ? json.VolumesDeleted.join() : undefined);
      return detail === undefined ? `${status}` : `${status} ${detail}`;
    };
    const previous = `1.${Number(since.split(".")[1]) - 1}`;
    if (before !== "") expect(await play(previous)).toBe(before);
    expect(await play(since)).toBe(after);
  });
});

describe("a daemon that refuses old versions", () => {
  test.each([
    ["1.44", "1.43", "application/json"],
    ["1.44", "1.23", "text/plain; charset=utf-8"],
    ["1.24", "1.23", "text/plain; charset=utf-8"],
  ])("with the minimum %s refuses %s in %s, as dockerd 28 and 29 do", async (minApi, api, type) => {
    const docker = new MockedDaemon({ engine: "28", minApi });
    const { status, head, text } = await docker.asks(`GET /v${api}/version`);
    expect([status, findFieldValue(head.fields, "Content-Type")]).toEqual([400, type]);
    expect(text).toContain(
      `client version ${api} is too old. Minimum supported API version is ${minApi}, please upgrade your client to a newer version`,
    );
    const { json } = await docker.asks("GET /version");
    expect([json.MinAPIVersion, json.ApiVersion]).toEqual([minApi, "1.51"]);
  });
});

describe("a version that Engine 28 does not speak", () => {
  test("is answered as Engine 20.10 does, by a daemon that says what it is", async () => {
    const docker = await start28();
    const copied = await docker.asks("POST /v1.23/containers/web/copy", { Resource: "/etc/passwd" });
    expect([copied.status, findFieldValue(copied.head.fields, "Api-Version")]).toEqual([200, "1.51"]);
    expect((await docker.asks("POST /v1.24/containers/web/copy", { Resource: "/etc/passwd" })).status).toBe(404);
    const { text } = await docker.asks("DELETE /v1.23/containers/web");
    expect(text).toMatch(/^You cannot remove a running container/);
  });
});
