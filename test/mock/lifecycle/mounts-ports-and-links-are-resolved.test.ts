import { describe, expect, test } from "vitest";
import type { ApiJson } from "../../../src/mock/model/api-json.ts";
import type { MountPoint } from "../../../src/mock/model/container.ts";
import { toContainerConfig } from "../../../src/mock/model/container-config.ts";
import { toHostConfig } from "../../../src/mock/model/host-config.ts";
import type { Engine } from "../../../src/mock/operations/engine.ts";
import { allocateHostPorts } from "../../../src/mock/operations/lifecycle/host-ports.ts";
import { createMountPoints } from "../../../src/mock/operations/lifecycle/mounts.ts";
import { startContainer } from "../../../src/mock/operations/lifecycle/start-container.ts";
import { ensureVolume } from "../../../src/mock/operations/lifecycle/volumes.ts";
import { checkLinks, collectLinkNames, formatLinkVariables, resolveLinks } from "../../../src/mock/runtime/links.ts";
import { catchApiError } from "../../playbook/catch-api-error.ts";
import { makeContainer } from "../../playbook/make-container.ts";
import { MockedDaemon } from "../../playbook/mocked.ts";

function mount(hostConfig: ApiJson, config: ApiJson = {}, { engine } = new MockedDaemon()): MountPoint[] {
  return createMountPoints(engine, toContainerConfig(config), toHostConfig(hostConfig));
}

describe("a bind", () => {
  const VOLUME = { type: "volume" as const, driver: "local", propagation: "", isWritable: true, mode: "z" };
  const BIND = { type: "bind" as const, propagation: "rprivate", isWritable: true, mode: "" };
  test.each<[string, Partial<MountPoint>]>([
    ["/host:/in", { ...BIND, source: "/host", destination: "/in" }],
    ["/host/:/in/", { ...BIND, source: "/host", destination: "/in" }],
    ["/with space:/in", { ...BIND, source: "/with space" }],
    ["/host:/in:ro", { ...BIND, mode: "ro", isWritable: false }],
    ["/host:/in:rw,z", { ...BIND, mode: "rw,z" }],
    ["/host:/in:ro,Z,shared", { ...BIND, mode: "ro,Z,shared", isWritable: false, propagation: "shared" }],
    ["/host:/in:rslave", { ...BIND, mode: "rslave", propagation: "rslave" }],
    ["data:/in", { ...VOLUME, name: "data", source: "/var/lib/docker/volumes/data/_data", destination: "/in" }],
    ["data:/in:ro", { ...VOLUME, mode: "ro", isWritable: false }],
    ["data:/in:nocopy", { ...VOLUME, mode: "nocopy" }],
    ["/in", { ...VOLUME, mode: "", destination: "/in" }],
  ])("%s", (bind, expected) => {
    expect(mount({ Binds: [bind] })).toMatchObject([expected]);
  });

  const spec = (bind: string, type?: string, why?: string): string =>
    `500 invalid volume specification: '${bind}'${type === undefined ? "" : `: invalid mount config for type "${type}": ${why}`}`;
  const notAbsolute = (path: string): string => `invalid mount path: '${path}' mount path must be absolute`;
  test.each([
    ["", spec("")],
    [":", spec(":")],
    [":/in", spec(":/in")],
    ["/a:/b:ro:x", spec("/a:/b:ro:x")],
    ["/in:rw", spec("/in:rw")],
    ["/in:", spec("/in:")],
    ["./", spec("./", "volume", notAbsolute("./"))],
    ["/:../", spec("/:../", "bind", notAbsolute("../"))],
    ["a:b", spec("a:b", "volume", notAbsolute("b"))],
    ["/a:/", spec("/a:/", "bind", "invalid specification: destination can't be '/'")],
    ["/a:/../", spec("/a:/../", "bind", "invalid specification: destination can't be '/'")],
    ["/a:/b:sw", "500 invalid mode: sw"],
    ["/a:/b:ro,rw", "500 invalid mode: ro,rw"],
    ["/a:/b:shared,slave", "500 invalid mode: shared,slave"],
    ["/a:/b:ro,", "500 invalid mode: ro,"],
    ["data:/b:shared", spec("data:/b:shared", "volume", "field BindOptions must not be specified")],
    ["a:/b", "400 create a: volume name is too short, names should be at least two alphanumeric characters"],
    [
      "we@b:/b",
      '400 create we@b: "we@b" includes invalid characters for a local volume name, only "[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed. If you intended to pass a host directory, use absolute path',
    ],
  ])("%j is an error", (bind, error) => {
    expect(catchApiError(() => mount({ Binds: [bind] }))).toBe(error);
  });
});

describe("a mount", () => {
  test.each<[ApiJson, Partial<MountPoint>]>([
    [
      { Type: "bind", Source: "/host", Target: "/in", ReadOnly: true },
      { type: "bind", isWritable: false, propagation: "rprivate" },
    ],
    [{ Type: "bind", Source: "/host", Target: "/in", BindOptions: { Propagation: "slave" } }, { propagation: "slave" }],
    [
      { Type: "volume", Source: "data", Target: "/in/" },
      { name: "data", destination: "/in", mode: "z" },
    ],
    [{ Type: "volume", Source: "data", Target: "/in", VolumeOptions: { NoCopy: true } }, { mode: "nocopy" }],
    [
      { Type: "tmpfs", Target: "/in" },
      { type: "tmpfs", source: "", propagation: "" },
    ],
  ])("%j", (sent, expected) => {
    expect(mount({ Mounts: [sent] })).toMatchObject([expected]);
  });

  test.each<[ApiJson, string]>([
    [{ Type: "bind" }, 'type "bind": field Target must not be empty'],
    [{ Type: "what", Target: "in" }, `type "what": invalid mount path: 'in' mount path must be absolute`],
    [{ Type: "what", Target: "/in" }, 'type "what": mount type unknown'],
    [{ Type: "bind", Target: "/" }, `type "bind": invalid specification: destination can't be '/'`],
    [{ Type: "bind", Target: "/in" }, 'type "bind": field Source must not be empty'],
    [{ Type: "bind", Source: "x", Target: "/in" }, `type "bind": invalid mount path: 'x' mount path must be absolute`],
    [
      { Type: "bind", Source: "/x", Target: "/in", BindOptions: { Propagation: "far" } },
      'type "bind": invalid propagation mode: far',
    ],
    [
      { Type: "bind", Source: "/x", Target: "/in", VolumeOptions: {} },
      'type "bind": field VolumeOptions must not be specified',
    ],
    [
      { Type: "volume", Source: "data", Target: "/in", BindOptions: {} },
      'type "volume": field BindOptions must not be specified',
    ],
    [
      { Type: "volume", Target: "/in", ReadOnly: true },
      'type "volume": must not set ReadOnly mode when using anonymous volumes',
    ],
    [{ Type: "tmpfs", Source: "x", Target: "/in" }, 'type "tmpfs": field Source must not be specified'],
  ])("%j is an error", (sent, error) => {
    expect(catchApiError(() => mount({ Mounts: [sent] }))).toBe(`400 invalid mount config for ${error}`);
  });

  test("of a path that another has is an error", () => {
    const Mounts = [{ Type: "tmpfs", Target: "/in" }];
    expect(catchApiError(() => mount({ Binds: ["/a:/in/"], Mounts }))).toBe("400 Duplicate mount point: /in");
  });
});

describe("volumes of another container", () => {
  const daemon = new MockedDaemon();
  makeContainer(daemon.engine, "from", { hostConfig: { Binds: ["data:/data", "/host:/host:ro"] } });

  test.each<[string, boolean[]]>([
    ["from", [true, false]],
    ["from:rw", [true, false]],
    ["from:ro", [false, false]],
    ["from:ro,z", [false, false]],
  ])("%s are writable: %j", (reference, writable) => {
    const points = mount({ VolumesFrom: [reference] }, {}, daemon);
    expect(points.map(({ isWritable, mode }) => [isWritable, mode])).toEqual(writable.map((is) => [is, ""]));
  });

  test.each([
    ["", "500 volumes-from specification cannot be an empty string"],
    ["nosuch", "400 No such container: nosuch"],
    ["from:x", "500 invalid mode: x"],
    ["from:shared", "500 invalid mode: shared"],
    ["from:nocopy", "500 invalid mode: nocopy"],
  ])("%j are an error", (reference, error) => {
    expect(catchApiError(() => mount({ VolumesFrom: [reference] }, {}, daemon))).toBe(error);
  });

  test("yield to the container's own mounts, and anonymous volumes to both", () => {
    const points = mount(
      { VolumesFrom: ["from"], Binds: ["own:/data"] },
      { Volumes: { "/data": {}, "/new": {} } },
      daemon,
    );
    expect(points.map(({ destination, name }) => [destination, name?.length])).toEqual([
      ["/data", 3],
      ["/host", undefined],
      ["/new", 64],
    ]);
  });
});

test.each([
  ["data", "local", null, "ok"],
  ["data", "nfs", null, '404 create data: error looking up volume plugin nfs: plugin "nfs" not found'],
  ["data", "", { size: "1" }, "ok"],
  ["data", "", { color: "1" }, '400 create data: invalid option: "color"'],
])("a volume %s of the driver %j with options %j", (name, driver, options, result) => {
  const { engine } = new MockedDaemon();
  expect(catchApiError(() => ensureVolume(engine, { name, driver, options, labels: null }))).toBe(result);
});

function publish(engine: Engine, PortBindings: ApiJson, more: ApiJson = {}): Record<string, unknown> {
  const ExposedPorts = Object.fromEntries(Object.keys(PortBindings).map((port) => [port, {}]));
  const container = makeContainer(engine, "", { config: { ExposedPorts }, hostConfig: { PortBindings, ...more } });
  const ports = allocateHostPorts(engine, container);
  engine.containers.put({ ...container, ports });
  return Object.fromEntries(
    Object.entries(ports).map(([port, bindings]) => [
      port,
      bindings?.map(({ HostIp, HostPort }) => `${HostIp}:${HostPort}`) ?? null,
    ]),
  );
}

describe("host ports", () => {
  test.each<[ApiJson, ApiJson, object]>([
    [{ "80/tcp": [{ HostPort: "8080" }] }, {}, { "80/tcp": ["0.0.0.0:8080", ":::8080"] }],
    [{ "80/tcp": [{ HostIp: "127.0.0.1", HostPort: "8080" }] }, {}, { "80/tcp": ["127.0.0.1:8080"] }],
    [{ "80/tcp": [{}] }, {}, { "80/tcp": ["0.0.0.0:32768", ":::32768"] }],
    [
      { "80/tcp": [{ HostPort: "0" }], "81/tcp": [{}] },
      {},
      { "80/tcp": ["0.0.0.0:32768", ":::32768"], "81/tcp": ["0.0.0.0:32769", ":::32769"] },
    ],
    [
      { "80/tcp": [{ HostPort: "8080-8082" }], "81/tcp": [{ HostPort: "8080-8082" }] },
      {},
      { "80/tcp": ["0.0.0.0:8080", ":::8080"], "81/tcp": ["0.0.0.0:8081", ":::8081"] },
    ],
    [
      { "53/tcp": [{ HostPort: "53" }], "53/udp": [{ HostPort: "53" }] },
      {},
      { "53/tcp": ["0.0.0.0:53", ":::53"], "53/udp": ["0.0.0.0:53", ":::53"] },
    ],
    [{ "80/tcp": [] }, {}, { "80/tcp": null }],
    [{ "80/tcp": [] }, { PublishAllPorts: true }, { "80/tcp": ["0.0.0.0:32768", ":::32768"] }],
    [{ "80/tcp": [{ HostPort: "8080" }] }, { NetworkMode: "host" }, {}],
    [{ "80/tcp": [{ HostPort: "8080" }] }, { NetworkMode: "none" }, {}],
  ])("%j with %j", (bindings, more, ports) => {
    expect(publish(new MockedDaemon().engine, bindings, more)).toEqual(ports);
  });

  const allocatedError = (address: string) => `Bind for ${address} failed: port is already allocated`;
  const inUseError = (address: string) =>
    `Error starting userland proxy: listen tcp4 ${address}: bind: address already in use`;
  test.each([
    ["", "8080", "", "8080", allocatedError("0.0.0.0:8080")],
    ["127.0.0.1", "8080", "127.0.0.1", "8080", allocatedError("127.0.0.1:8080")],
    ["", "8080", "127.0.0.1", "8080", inUseError("127.0.0.1:8080")],
    ["127.0.0.1", "8080", "", "8080", inUseError("0.0.0.0:8080")],
    ["127.0.0.1", "8080", "127.0.0.2", "8080", "ok"],
    ["", "8080", "", "8080-8080", allocatedError("0.0.0.0:8080-8080")],
    ["", "8080", "", "8080-8081", "ok"],
    ["", "8080", "", "8081", "ok"],
  ])("with %j:%s held, %j:%s is %s", (heldIp, heldPort, HostIp, HostPort, result) => {
    const { engine } = new MockedDaemon();
    publish(engine, { "80/tcp": [{ HostIp: heldIp, HostPort: heldPort }] });
    const message = catchApiError(() => publish(engine, { "80/tcp": [{ HostIp, HostPort }] }));
    expect(
      message.replace(/^500 driver failed programming external connectivity on endpoint \w+ \(\w{64}\): /, ""),
    ).toBe(result);
  });
});

describe("links", () => {
  function createLinked(...Links: string[]) {
    const { engine } = new MockedDaemon();
    const ExposedPorts = { "6379/tcp": {}, "53/udp": {} };
    const db = makeContainer(engine, "my-db", { config: { ExposedPorts, Env: ["A=1"] } });
    void startContainer(engine, db.id);
    makeContainer(engine, "stopped");
    const web = makeContainer(engine, "web", { hostConfig: { Links } });
    return { engine, web };
  }

  test.each([
    ["my-db", "/my-db:/web/my-db", "my-db"],
    ["my-db:database", "/my-db:/web/database", "database"],
    ["/my-db:/other/database", "/my-db:/web/database", "database"],
  ])("%s is recorded as %s", (link, recorded, alias) => {
    const { engine, web } = createLinked(link);
    expect(web.hostConfig.Links).toEqual([recorded]);
    expect(resolveLinks(engine, web).map((one) => [one.alias, one.to.name, one.address])).toEqual([
      [alias, "my-db", "172.17.0.2"],
    ]);
    expect([...collectLinkNames(engine).values()]).toEqual([[`/web/${alias}`]]);
  });

  test("give variables", () => {
    const { engine, web } = createLinked("my-db:my-data");
    expect(formatLinkVariables(engine, web)).toEqual([
      "MY_DATA_PORT=udp://172.17.0.2:53",
      "MY_DATA_PORT_53_UDP=udp://172.17.0.2:53",
      "MY_DATA_PORT_53_UDP_ADDR=172.17.0.2",
      "MY_DATA_PORT_53_UDP_PORT=53",
      "MY_DATA_PORT_53_UDP_PROTO=udp",
      "MY_DATA_PORT_6379_TCP=tcp://172.17.0.2:6379",
      "MY_DATA_PORT_6379_TCP_ADDR=172.17.0.2",
      "MY_DATA_PORT_6379_TCP_PORT=6379",
      "MY_DATA_PORT_6379_TCP_PROTO=tcp",
      "MY_DATA_NAME=/web/my-data",
      "MY_DATA_ENV_A=1",
    ]);
  });

  test.each([
    ["stopped:db", "500 Cannot link to a non running container: /stopped AS /web/db"],
    ["my-db:db", "ok"],
  ])("%s at the start: %s", (link, result) => {
    const { engine, web } = createLinked(link);
    expect(catchApiError(() => checkLinks(engine, web))).toBe(result);
  });

  test("to a container that is not on the bridge are an error", () => {
    const { engine } = new MockedDaemon();
    makeContainer(engine, "alone", { hostConfig: { NetworkMode: "none" } });
    const web = makeContainer(engine, "web", { hostConfig: { Links: ["alone"] } });
    expect(catchApiError(() => checkLinks(engine, web))).toBe(
      "500 Cannot link to /alone, as it does not belong to the default network",
    );
  });
});
