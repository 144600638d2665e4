import { describe, expect, test } from "vitest";
import { daemonHeaders, versionHeaders } from "../../../../src/mock/api/version/daemon-headers.ts";
import {
  isDocumentedOperation,
  isRemovedOperation,
  toDocumentedStatus,
} from "../../../../src/mock/api/version/documented-operations.ts";
import { downgradeTo, omitMembers, type ResponseDowngrade } from "../../../../src/mock/api/version/downgrade.ts";
import { toLegacyConfig } from "../../../../src/mock/api/version/legacy-config.ts";
import { toBareId, toTaggedName } from "../../../../src/mock/api/version/legacy-image-names.ts";
import { formatPorts, omitPortAddresses, toPortMapping } from "../../../../src/mock/api/version/legacy-ports.ts";
import {
  mergeLegacyHostConfig,
  readLegacyCreateBody,
  readStartHostConfig,
} from "../../../../src/mock/api/version/legacy-settings.ts";
import { selectSupportedParameters } from "../../../../src/mock/api/version/supported-parameters.ts";
import { ApiVersion } from "../../../../src/mock/model/api-version.ts";
import { ENGINE_RELEASES, type EngineName } from "../../../../src/mock/model/engine-release.ts";

const DIGITS = "0123456789abcdef".repeat(4);

describe("a response", () => {
  const downgrades: readonly ResponseDowngrade[] = [
    { since: "1.25", downgrade: ({ name, ...rest }) => ({ ...rest, Name: name }) },
    { since: "1.12", downgrade: ({ Name, ...rest }) => ({ ...rest, title: Name }) },
    { since: "1.9", downgrade: (json) => omitMembers(json, "id", "nosuch") },
  ];

  test.each([
    ["1.41", { id: 1, name: "web" }],
    ["1.25", { id: 1, name: "web" }],
    ["1.24", { id: 1, Name: "web" }],
    ["1.12", { id: 1, Name: "web" }],
    ["1.11", { id: 1, title: "web" }],
    ["1.9", { id: 1, title: "web" }],
    ["1.8", { title: "web" }],
  ])("in API %s is %j", (api, expected) => {
    const version = { api: new ApiVersion(api), release: ENGINE_RELEASES["20.10"] };
    expect(downgradeTo(version, { id: 1, name: "web" }, downgrades)).toEqual(expected);
  });

  test.each([
    ["20.10", { id: 1 }],
    ["28", { id: 1, name: "web" }],
  ] as const)("of Engine %s is %j in a version that both speak", (name: EngineName, expected) => {
    const version = { api: new ApiVersion("1.41"), release: ENGINE_RELEASES[name] };
    const changes: readonly ResponseDowngrade[] = [
      { sinceEngine: "28", downgrade: (json) => omitMembers(json, "name") },
    ];
    expect(downgradeTo(version, { id: 1, name: "web" }, changes)).toEqual(expected);
  });
});

describe("a query", () => {
  test.each([
    ["ContainerDelete", "force", "1.9", "1.10"],
    ["ContainerInspect", "size", "1.20", "1.21"],
    ["ContainerList", "size", "1.2", "1.3"],
    ["ContainerStats", "one-shot", "1.40", "1.41"],
    ["ContainerTop", "ps_args", "1.3", "1.4"],
    ["ContainerWait", "condition", "1.29", "1.30"],
    ["ImageBuild", "forcerm", "1.11", "1.12"],
    ["ImageCreate", "platform", "1.31", "1.32"],
    ["SystemEvents", "until", "1.10", "1.11"],
  ])("of %s has %s since the version after %s", (operation, name, before, since) => {
    const select = (api: string): unknown => selectSupportedParameters(operation, new ApiVersion(api), [[name, "1"]]);
    expect([select(before), select(since)]).toEqual([[], [[name, "1"]]]);
  });

  test.each([
    ["ContainerList", "before", "1.11", "1.12"],
    ["ImageCommit", "m", "1.11", "1.12"],
    ["ImageList", "filter", "1.40", "1.41"],
    ["ImagePush", "registry", "1.11", "1.12"],
  ])("of %s has %s up to %s", (operation, name, last, after) => {
    const select = (api: string): unknown => selectSupportedParameters(operation, new ApiVersion(api), [[name, "1"]]);
    expect([select(last), select(after)]).toEqual([[[name, "1"]], []]);
  });

  test("keeps parameters that the table does not have", () => {
    const query = [["all", "1"]] as const;
    expect(selectSupportedParameters("ContainerList", new ApiVersion("1.0"), query)).toEqual(query);
    expect(selectSupportedParameters("SystemInfo", new ApiVersion("1.0"), query)).toEqual(query);
  });
});

describe("before 1.12", () => {
  test.each([
    ["ContainerTop", "1.2", false],
    ["ContainerTop", "1.3", true],
    ["ImageViz", "1.6", true],
    ["ImageViz", "1.7", false],
    ["SystemAuthShow", "1.1", true],
    ["SystemAuthShow", "1.2", false],
    ["NetworkList", "1.11", false],
  ])("%s in API %s exists: %s", (operation, api, expected) => {
    expect(isDocumentedOperation(operation, new ApiVersion(api))).toBe(expected);
  });

  test.each([
    ["ImageInsert", true],
    ["ImageViz", true],
    ["ContainerTop", false],
    ["NetworkList", false],
  ])("%s was removed since: %s", (operation, expected) => {
    expect(isRemovedOperation(operation)).toBe(expected);
  });

  test.each([
    ["ContainerInspect", 404, 404],
    ["ContainerInspect", 409, 500],
    ["ImageTag", 409, 409],
    ["ImageList", 400, 500],
    ["NetworkList", 404, 500],
  ])("an error of %s with %i has status %i", (operation, status, expected) => {
    expect(toDocumentedStatus(operation, status)).toBe(expected);
  });

  test.each([
    ["busybox", "busybox:latest"],
    ["127.0.0.1:5000/shop", "127.0.0.1:5000/shop:latest"],
    ["web:1", "web:1"],
    [`sha256:${DIGITS}`, DIGITS],
    [DIGITS.slice(0, 12), DIGITS.slice(0, 12)],
  ])("the image %s of a container is %s", (image, expected) => {
    expect(toTaggedName(image)).toBe(expected);
  });

  test("an id has no algorithm", () => {
    expect([toBareId(`sha256:${DIGITS}`), toBareId("<missing>")]).toEqual([DIGITS, "<missing>"]);
  });
});

describe("ports before 1.12", () => {
  const PORTS = [
    { IP: "0.0.0.0", PrivatePort: 80, PublicPort: 8080, Type: "tcp" },
    { IP: "127.0.0.1", PrivatePort: 80, PublicPort: 8080, Type: "tcp" },
    { IP: "0.0.0.0", PrivatePort: 53, PublicPort: 53, Type: "udp" },
    { PrivatePort: 443, Type: "tcp" },
  ];

  test("have no addresses, and each pair once", () => {
    expect(omitPortAddresses(PORTS)).toEqual([
      { PrivatePort: 80, PublicPort: 8080, Type: "tcp" },
      { PrivatePort: 53, PublicPort: 53, Type: "udp" },
      { PrivatePort: 443, PublicPort: undefined, Type: "tcp" },
    ]);
  });

  test("before 1.5 are a text", () => {
    expect(formatPorts(omitPortAddresses(PORTS))).toBe("8080->80, 53->53/udp");
    expect(formatPorts([])).toBe("");
  });

  test.each([
    [
      { "80/tcp": [{ HostPort: "8080" }], "53/udp": [{ HostPort: "53" }] },
      { Tcp: { 80: "8080" }, Udp: { 53: "53" } },
    ],
    [
      { "80/tcp": [{ HostPort: "8080" }], "443/tcp": null },
      { Tcp: { 80: "8080" }, Udp: {} },
    ],
    [{ "80/tcp": null }, null],
    [{}, null],
    [null, null],
  ])("of %j are the mapping %j", (ports, expected) => {
    expect(toPortMapping(ports)).toEqual(expected);
  });
});

describe("settings of old clients", () => {
  test.each([
    [
      { Memory: 1, MemorySwap: 2, CpuShares: 3, Dns: ["8.8.8.8"] },
      { Memory: 1, MemorySwap: 2, CpuShares: 3, Dns: ["8.8.8.8"] },
    ],
    [{ Memory: 1, Dns: null }, { Memory: 1 }],
    [{ VolumesFrom: "a,b:ro" }, { VolumesFrom: ["a", "b:ro"] }],
    [{ VolumesFrom: "" }, {}],
    [{ PortSpecs: ["80"] }, { PortBindings: { "80/tcp": [{ HostIp: "", HostPort: "" }] } }],
    [
      { PortSpecs: ["8080:80", "127.0.0.1:53:53/udp", "8081:80"] },
      {
        PortBindings: {
          "80/tcp": [
            { HostIp: "", HostPort: "8080" },
            { HostIp: "", HostPort: "8081" },
          ],
          "53/udp": [{ HostIp: "127.0.0.1", HostPort: "53" }],
        },
      },
    ],
    [{ HostConfig: { Privileged: true }, MacAddress: "02:42:00:00:00:01" }, {}],
  ])("%j are the host's %j", (sent, expected) => {
    expect(readLegacyCreateBody(sent).hostConfig).toEqual(expected);
  });

  test("expose the ports that they publish, and keep the rest of the configuration", () => {
    const { config } = readLegacyCreateBody({
      Image: "busybox",
      PortSpecs: ["80"],
      ExposedPorts: { "443/tcp": {} },
      DisableNetwork: true,
      HostConfig: {},
      MacAddress: "02:42:00:00:00:01",
    });
    expect(config).toEqual({
      Image: "busybox",
      ExposedPorts: { "80/tcp": {}, "443/tcp": {} },
      NetworkDisabled: true,
    });
  });

  test("of a start replace those of the creation from 1.12 on, and add to them before", () => {
    const created = readStartHostConfig({ Memory: 5, Privileged: true, Binds: ["/a:/a"] });
    expect(readStartHostConfig({ Binds: ["/b:/b"] })).toMatchObject({ Binds: ["/b:/b"], Privileged: false, Memory: 0 });
    expect(mergeLegacyHostConfig(created, { Binds: ["/b:/b"], Memory: 7 })).toMatchObject({
      Binds: ["/b:/b"],
      Privileged: true,
      Memory: 5,
    });
  });

  test("of lxc may be a map or a list, and are a list", () => {
    const created = readStartHostConfig({});
    const list = [{ Key: "lxc.utsname", Value: "docker" }];
    expect(mergeLegacyHostConfig(created, { LxcConf: { "lxc.utsname": "docker" } })).toMatchObject({ LxcConf: list });
    expect(mergeLegacyHostConfig(created, { LxcConf: list })).toMatchObject({ LxcConf: list });
  });
});

test("a configuration before 1.12 has settings of the host, and no labels", () => {
  const config = { Image: "busybox", Cmd: ["true"], Labels: { a: "b" } };
  const legacy = toLegacyConfig(config, { Memory: 5, Dns: ["8.8.8.8"], VolumesFrom: ["a", "b"] });
  expect(legacy).toMatchObject({ Image: "busybox", Memory: 5, CpuShares: 0, Dns: ["8.8.8.8"], VolumesFrom: "a,b" });
  expect(Object.keys(legacy)).not.toContain("Labels");
  expect(toLegacyConfig(config)).toMatchObject({ Memory: 0, Dns: null, VolumesFrom: "", PortSpecs: null });
});

test("every response has the daemon's headers, and one to a refused version has fewer", () => {
  const release = ENGINE_RELEASES["20.10"];
  const names = (fields: readonly (readonly [string, string])[]): string[] => fields.map(([name]) => name);
  expect(names(versionHeaders({ release }))).toEqual(["Api-Version", "Ostype", "Server"]);
  expect(names(daemonHeaders({ corsHeader: undefined, release }))).toEqual([
    "Api-Version",
    "Docker-Experimental",
    "Ostype",
    "Server",
  ]);
  expect(daemonHeaders({ corsHeader: "*", release })).toContainEqual(["Access-Control-Allow-Origin", "*"]);
});
