import { describe, expect, test } from "vitest";
import type { ApiJson } from "../../../src/mock/model/api-json.ts";
import type { Engine } from "../../../src/mock/operations/engine.ts";
import { createNetwork } from "../../../src/mock/operations/lifecycle/create-network.ts";
import { startContainer } from "../../../src/mock/operations/lifecycle/start-container.ts";
import { createDisk, createStoppedDisk } from "../../../src/mock/runtime/container-disk.ts";
import { findPublished } from "../../../src/mock/runtime/container-ports.ts";
import { resolveUser } from "../../../src/mock/runtime/container-user.ts";
import { getRuntime } from "../../../src/mock/runtime/engine-runtime.ts";
import { createEnvironment } from "../../../src/mock/runtime/environment-variables.ts";
import { chooseNameserver } from "../../../src/mock/runtime/nameserver.ts";
import { resolveName } from "../../../src/mock/runtime/neighbours.ts";
import { allocateFromBothEnds } from "../../../src/mock/runtime/two-ended-counter.ts";
import { findPages, findWebAddress, findWebHost, getPage } from "../../../src/mock/runtime/web-pages.ts";
import { Disk } from "../../../src/userland/files/disk.ts";
import { createDirectoryNode, createFileNode } from "../../../src/userland/files/node.ts";
import { buildTree } from "../../../src/userland/files/tree.ts";
import { catchApiError } from "../../playbook/catch-api-error.ts";
import { type ContainerSettings, makeContainer } from "../../playbook/make-container.ts";
import { MockedDaemon } from "../../playbook/mocked.ts";

function starts(engine: Engine, name: string, settings: ContainerSettings = {}) {
  const { id } = makeContainer(engine, name, settings);
  void startContainer(engine, id);
  return engine.containers.find(id);
}

function readFile(engine: Engine, settings: ContainerSettings, path: string): string {
  const container = starts(engine, "web", settings);
  return createDisk(engine, container, getRuntime(engine, container).files).read(path).toString();
}

describe("a user", () => {
  const files = {
    "etc/passwd": "root:x:0:0:root:/root:/bin/sh\napp:x:5:6:App:/srv:/bin/sh\nbare:x:7\n",
    "etc/group": "root:x:0:\nstaff:x:9:app\n",
  };
  const placed = Object.entries(files).map(([path, text]) => ({ path, node: createFileNode(text, 0) }));
  const disk = new Disk([{ at: "/", rootRef: { root: buildTree(placed, createDirectoryNode(0)) } }], () => 0);

  test.each([
    ["", { name: "root", uid: 0, gid: 0, groups: [], home: "/root" }],
    ["app", { name: "app", uid: 5, gid: 6, groups: [9], home: "/srv" }],
    ["5", { name: "app", uid: 5, gid: 6, groups: [9], home: "/srv" }],
    ["app:staff", { name: "app", uid: 5, gid: 9, groups: [], home: "/srv" }],
    ["app:44", { name: "app", uid: 5, gid: 44, groups: [], home: "/srv" }],
    ["app:", { name: "app", uid: 5, gid: 6, groups: [9], home: "/srv" }],
    ["1234", { name: "1234", uid: 1234, gid: 0, groups: [], home: "/" }],
    ["1234:9", { name: "1234", uid: 1234, gid: 9, groups: [], home: "/" }],
    ["bare", { name: "bare", uid: 7, gid: 0, groups: [], home: "/" }],
  ])("%j", (text, user) => {
    expect(resolveUser(disk, text)).toEqual(user);
  });

  test("gets the groups that are added, by name or number", () => {
    expect(resolveUser(disk, "", ["staff", "99"]).groups).toEqual([9, 99]);
    expect(resolveUser(disk, "app", ["9", "99"]).groups).toEqual([9, 99]);
    expect(catchApiError(() => resolveUser(disk, "", ["nosuch"]))).toMatch(/^500 unable to find group nosuch/);
  });

  test.each([
    ["nosuch", "500 unable to find user nosuch: no matching entries in passwd file"],
    ["app:nosuch", "500 unable to find group nosuch: no matching entries in group file"],
  ])("%s is unknown", (text, error) => {
    expect(catchApiError(() => resolveUser(disk, text))).toBe(error);
  });

  test("0 is root, even without /etc/passwd", () => {
    const empty = new Disk([{ at: "/", rootRef: { root: createDirectoryNode(0) } }], () => 0);
    expect(resolveUser(empty, "")).toEqual({ name: "root", uid: 0, gid: 0, groups: [], home: "/root" });
  });
});

describe("variables", () => {
  test.each<[string, ApiJson, { isTty?: boolean; more?: string[] }, object]>([
    [
      "have the host's name, a path and a home",
      { Hostname: "h" },
      {},
      { HOSTNAME: "h", HOME: "/root", PATH: expect.stringContaining("/bin") },
    ],
    ["have TERM at a terminal", {}, { isTty: true }, { TERM: "xterm" }],
    ["are the container's", { Env: ["A=1=2", "HOME=/own"] }, {}, { A: "1=2", HOME: "/own" }],
    ["are those of an exec before the container's", { Env: ["A=1"] }, { more: ["A=2"] }, { A: "2" }],
  ])("%s", (_, config, { isTty = false, more = [] }, expected) => {
    const { engine } = new MockedDaemon();
    const variables = createEnvironment(engine, makeContainer(engine, "", { config }), { isTty, more, home: "/root" });
    expect(variables).toMatchObject(expected);
  });

  test("lose a name without a value", () => {
    const { engine } = new MockedDaemon();
    const container = makeContainer(engine, "", { config: { Env: ["A=1", "B=1", "A"] } });
    expect(Object.keys(createEnvironment(engine, container, { isTty: false, home: "/" }))).toEqual([
      "PATH",
      "HOSTNAME",
      "B",
      "HOME",
    ]);
  });
});

describe("/etc has", () => {
  const LOCAL = 6;
  test.each<[string, ContainerSettings, string[]]>([
    ["the container's own name", { config: { Hostname: "h" } }, ["172.17.0.2\th"]],
    ["the domain before it", { config: { Hostname: "h", Domainname: "d.test" } }, ["172.17.0.2\th.d.test h"]],
    [
      "extra hosts",
      { config: { Hostname: "h" }, hostConfig: { ExtraHosts: ["db:1.2.3.4", "gate:host-gateway"] } },
      ["1.2.3.4\tdb", "172.17.0.1\tgate", "172.17.0.2\th"],
    ],
    ["no own name without a network", { config: { Hostname: "h" }, hostConfig: { NetworkMode: "none" } }, []],
  ])("%s", (_, settings, lines) => {
    const { engine } = new MockedDaemon();
    expect(readFile(engine, settings, "/etc/hosts").trimEnd().split("\n").slice(LOCAL)).toEqual(lines);
  });

  test.each<[ApiJson, string]>([
    [{}, "nameserver 8.8.8.8\n"],
    [{ Dns: ["1.1.1.1", "9.9.9.9"] }, "nameserver 1.1.1.1\nnameserver 9.9.9.9\n"],
    [{ DnsSearch: ["a", "b"], DnsOptions: ["rotate"] }, "search a b\nnameserver 8.8.8.8\noptions rotate\n"],
    [{ NetworkMode: "tide", Dns: ["1.1.1.1"] }, "nameserver 127.0.0.11\noptions ndots:0\n"],
  ])("for %j the resolv.conf %j", (hostConfig, text) => {
    const { engine } = new MockedDaemon();
    createNetwork(engine, { Name: "tide" });
    expect(readFile(engine, { hostConfig }, "/etc/resolv.conf")).toBe(text);
  });

  /** Each was read in a container of dockerd 28.5. */
  const LEGACY = "# Based on host file: '/etc/resolv.conf' (legacy)\n";
  const INTERNAL = "# Based on host file: '/etc/resolv.conf' (internal resolver)\n";
  test.each<[ApiJson, string]>([
    [{}, `nameserver 8.8.8.8\n\n${LEGACY}# Overrides: []\n`],
    [{ NetworkMode: "host" }, "nameserver 8.8.8.8\n\n# Based on host file: '/etc/resolv.conf'\n# Overrides: []\n"],
    [
      { Dns: ["10.9.8.7"], DnsSearch: ["tide"] },
      `nameserver 10.9.8.7\nsearch tide\n\n${LEGACY}# Overrides: [nameservers search]\n`,
    ],
    [
      { NetworkMode: "tide", DnsOptions: ["timeout:1"] },
      `nameserver 127.0.0.11\noptions timeout:1 ndots:0\n\n${INTERNAL}# ExtServers: [host(8.8.8.8)]\n# Overrides: [options]\n# Option ndots from: internal\n`,
    ],
    [
      { NetworkMode: "tide", Dns: ["10.9.8.7"], DnsOptions: ["ndots:2"] },
      `nameserver 127.0.0.11\noptions ndots:2\n\n${INTERNAL}# ExtServers: [10.9.8.7]\n# Overrides: [nameservers options]\n# Option ndots from: override\n`,
    ],
  ])("for %j the resolv.conf of Engine 28", (hostConfig, text) => {
    const { engine } = new MockedDaemon({ engine: "28" });
    createNetwork(engine, { Name: "tide" });
    const header =
      "# Generated by Docker Engine.\n# This file can be edited; Docker Engine will not make further changes once it\n# has been modified.\n\n";
    expect(readFile(engine, { hostConfig }, "/etc/resolv.conf")).toBe(`${header}${text}`);
  });

  test("nothing of it while the container does not run", () => {
    const { engine } = new MockedDaemon();
    const container = makeContainer(engine, "web");
    const disk = createStoppedDisk(engine, container, getRuntime(engine, container).files);
    expect([disk.read("/etc/hosts").toString(), disk.peek("/proc/mounts")]).toEqual(["", undefined]);
  });
});

test.each<[ApiJson, string, string]>([
  [{ Memory: 67_108_864 }, "memory/memory.limit_in_bytes", "67108864\n"],
  [{}, "memory/memory.limit_in_bytes", "9223372036854771712\n"],
  [{ NanoCpus: 1_500_000_000 }, "cpu/cpu.cfs_quota_us", "150000\n"],
  [{ CpuQuota: 5000, CpuPeriod: 20_000 }, "cpu/cpu.cfs_quota_us", "5000\n"],
  [{ CpuPeriod: 20_000 }, "cpu/cpu.cfs_period_us", "20000\n"],
  [{}, "cpu/cpu.cfs_quota_us", "-1\n"],
  [{ CpuShares: 7 }, "cpu/cpu.shares", "7\n"],
  [{ PidsLimit: 9 }, "pids/pids.max", "9\n"],
  [{}, "pids/pids.max", "max\n"],
])("with %j, /sys has %s of %j", (hostConfig, path, text) => {
  expect(readFile(new MockedDaemon().engine, { hostConfig }, `/sys/fs/cgroup/${path}`)).toBe(text);
});

test("/proc/mounts has the file systems of mounts", () => {
  const hostConfig = { Binds: ["data:/data:ro"], Tmpfs: { "/tmp/x": "" }, ReadonlyRootfs: true };
  const lines = readFile(new MockedDaemon().engine, { hostConfig }, "/proc/mounts").trimEnd().split("\n");
  expect(lines).toEqual(
    expect.arrayContaining([
      "overlay / overlay ro,relatime 0 0",
      "/dev/sda1 /data ext4 ro,relatime 0 0",
      "tmpfs /tmp/x tmpfs rw,relatime 0 0",
    ]),
  );
});

describe("a name is resolved", () => {
  const { engine } = new MockedDaemon();
  createNetwork(engine, { Name: "tide" });
  createNetwork(engine, { Name: "other" });
  const db = starts(engine, "DB", {
    hostConfig: { NetworkMode: "tide" },
    endpoints: { tide: { Aliases: ["database"] } },
  });
  const web = starts(engine, "web", {
    hostConfig: { NetworkMode: "tide" },
    endpoints: { tide: { Links: ["DB:linked"] } },
  });
  starts(engine, "far", { hostConfig: { NetworkMode: "other" } });
  const plain = starts(engine, "plain");
  starts(engine, "plain2");

  test.each<[string, string | undefined]>([
    ["db", "172.18.0.2"],
    ["database", "172.18.0.2"],
    ["linked", "172.18.0.2"],
    [db.id.slice(0, 12), "172.18.0.2"],
    [db.config.Hostname, "172.18.0.2"],
    ["web", "172.18.0.3"],
    ["far", undefined],
    ["plain", undefined],
    ["nosuch", undefined],
  ])("%s is %s", (name, address) => {
    expect(resolveName(engine, Object.values(web.networks), name)).toBe(address);
  });

  test("only in a network that a client created", () => {
    expect(resolveName(engine, Object.values(plain.networks), "plain2")).toBeUndefined();
    expect([chooseNameserver(plain), chooseNameserver(web), chooseNameserver(undefined)]).toEqual([
      "8.8.8.8",
      "127.0.0.11",
      "8.8.8.8",
    ]);
  });
});

test("a host port leads to the container's port", () => {
  const { engine } = new MockedDaemon();
  const web = starts(engine, "web", {
    config: { ExposedPorts: { "80/tcp": {}, "53/udp": {} } },
    hostConfig: { PortBindings: { "80/tcp": [{ HostPort: "8080" }], "53/udp": [{ HostPort: "5353" }] } },
  });
  expect(findPublished(engine, 8080)).toEqual({ container: web, port: 80 });
  expect([findPublished(engine, 5353), findPublished(engine, 80)]).toEqual([undefined, undefined]);
});

describe("the web has only its pages", () => {
  const PAGES = { "http://a.test/x": "1", "https://b.test/y": "2", "a.test:81/z": "3" };

  test.each([
    ["http://a.test/x", "1"],
    ["a.test/x", "1"],
    ["https://b.test/y", "2"],
    ["a.test:81/z", "3"],
  ])("%s", (url, text) => {
    expect(getPage(PAGES, url).toString()).toBe(text);
  });

  test("and an error for any other", () => {
    expect(catchApiError(() => getPage(PAGES, "c.test/x"))).toBe(
      '500 Get "http://c.test/x": dial tcp: lookup c.test: no such host',
    );
  });

  test.each([
    ["a.test", "203.0.113.1"],
    ["b.test", "203.0.113.2"],
    ["c.test", undefined],
  ])("the address of %s is %s", (host, address) => {
    expect(findWebAddress(PAGES, host)).toBe(address);
    if (address !== undefined) expect(findWebHost(PAGES, address)).toBe(host);
  });

  test.each([
    ["a.test", 80, { "/x": "1" }],
    ["a.test", 81, { "/z": "3" }],
    ["b.test", 80, undefined],
    ["a.test", 8080, undefined],
  ])("over plain HTTP, %s has at port %d: %j", (host, port, pages) => {
    expect(findPages(PAGES, host, port)).toEqual(pages);
  });
});

test("a two-ended counter allocates from the end of each kind of start", () => {
  const counter = { low: 0, high: 0 };
  const order = [false, true, false, true, false].map((isRestart) => allocateFromBothEnds(counter, isRestart));
  expect(order.map(({ end, count }) => `${end} ${count}`)).toEqual(["low 0", "high 0", "low 1", "high 1", "low 2"]);
});
