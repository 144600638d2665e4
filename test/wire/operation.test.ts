import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseOperation } from "../../src/wire/operations/operation.ts";
import { ROUTES } from "../../src/wire/operations/routes.ts";
import { target } from "./arbitraries.ts";
import { DOCUMENTED, OTHERS } from "./endpoints.ts";

type Row = [method: string, template: string, name: string];

const ENDPOINTS = (DOCUMENTED + OTHERS)
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => line.split(" ") as Row);

describe("the routes", () => {
  it.each(ENDPOINTS)("know %s %s as %s", (method, template, name) => {
    const path = template.replace(/\{\w+\}/, "some-1.name_");
    const param = /\{(\w+)\}/.exec(template)?.[1];
    const params = param === undefined ? {} : { [param]: "some-1.name_" };
    expect(parseOperation(method, path)).toEqual({ name, apiVersion: undefined, path, params, query: [] });
    expect(parseOperation(method, `/v1.41${path}?all=1`)).toMatchObject({ name, apiVersion: "1.41", path, params });
  });

  it("are all among the endpoints that are listed here", () => {
    const plain = ROUTES.map(([method, template, name]) => [method, template.replace("...", ""), name].join(" "));
    expect(plain.sort()).toEqual(ENDPOINTS.map((row) => row.join(" ")).sort());
  });

  it("are found for a parameter that looks like another endpoint", () => {
    for (const [method, template, name] of ENDPOINTS.filter(([, template]) => template.includes("{"))) {
      for (const value of ["json", "create", "prune", "start", "*", "attach"]) {
        const path = template.replace(/\{\w+\}/, value);
        const isFixed = ENDPOINTS.some(([other, fixed]) => other === method && fixed === path);
        if (!isFixed)
          expect(parseOperation(method, path)).toMatchObject({ name, params: { [findParam(template)]: value } });
      }
    }
  });
});

function findParam(template: string): string {
  return /\{(\w+)\}/.exec(template)?.[1] as string;
}

describe("a name in a path", () => {
  it.each([
    ["GET", "/images/example.com:5000/org/image:tag/json", "ImageInspect", { name: "example.com:5000/org/image:tag" }],
    ["POST", "/v1.41/images/example.com/org/image/push?tag=a", "ImagePush", { name: "example.com/org/image" }],
    ["POST", "/images/a/b/c/tag", "ImageTag", { name: "a/b/c" }],
    ["GET", "/images/a/b/history", "ImageHistory", { name: "a/b" }],
    ["GET", "/images/a/b/get", "ImageGet", { name: "a/b" }],
    ["DELETE", "/images/a/b:c", "ImageDelete", { name: "a/b:c" }],
    ["GET", "/distribution/library/busybox/json", "DistributionInspect", { name: "library/busybox" }],
    ["POST", "/plugins/vieux/sshfs/enable", "PluginEnable", { name: "vieux/sshfs" }],
    ["GET", "/images/example.com%2Forg%2Fimage%3Atag/json", "ImageInspect", { name: "example.com/org/image:tag" }],
    ["DELETE", "/containers/webapp/redis?link=1", "ContainerDelete", { id: "webapp/redis" }],
    ["GET", "/containers/a/b/attach/ws", "ContainerAttachWebsocket", { id: "a/b" }],
    ["GET", "/images/json/json", "ImageInspect", { name: "json" }],
    ["GET", "/volumes/my%20data", "VolumeInspect", { name: "my data" }],
    ["GET", "/volumes/%C3%A9", "VolumeInspect", { name: "é" }],
    ["GET", "/volumes/\xc3\xa9", "VolumeInspect", { name: "é" }],
    ["GET", "/volumes/%ff", "VolumeInspect", { name: "%ff" }],
    ["GET", "/volumes/100%", "VolumeInspect", { name: "100%" }],
    ["GET", "/volumes/a+b", "VolumeInspect", { name: "a+b" }],
  ])("%s %s is read as %s of %j", (method, path, name, params) => {
    expect(parseOperation(method, path)).toMatchObject({ name, params });
  });
});

describe("what is no operation", () => {
  it.each([
    ["GET", "/"],
    ["GET", ""],
    ["OPTIONS", "*"],
    ["GET", "/containers"],
    ["GET", "/containers/"],
    ["GET", "/containers//json"],
    ["GET", "//containers/json"],
    ["GET", "/containers/json/"],
    ["HEAD", "/containers/json"],
    ["get", "/containers/json"],
    ["POST", "/containers/json"],
    ["GET", "/containers/web/ws"],
    ["GET", "/nodes/a/b"],
    ["POST", "/services/a/b/update"],
    ["GET", "/v1.41"],
    ["GET", "/v1.41/"],
    ["GET", "/v1.41x/info"],
    ["DELETE", "/images/"],
    ["GET", "/containers/*"],
    ["GET", "/toString"],
  ])("%s %j is Unknown", (method, path) => {
    expect(parseOperation(method, path)).toMatchObject({ name: "Unknown", params: {} });
  });

  it("still has its version, path and query", () => {
    expect(parseOperation("GET", "/v1.50/new/thing?a=b")).toEqual({
      name: "Unknown",
      apiVersion: "1.50",
      path: "/new/thing",
      params: {},
      query: [["a", "b"]],
    });
  });
});

describe("the rest of a target", () => {
  it.each([
    ["/v1.9/info", "1.9", "/info"],
    ["/v1.41/info", "1.41", "/info"],
    ["/info", undefined, "/info"],
    ["http://docker/v1.41/info", "1.41", "/info"],
    ["http://localhost:2375/info?x", undefined, "/info"],
    ["tcp://a/info", undefined, "/info"],
  ])("%s has version %s and path %s", (path, apiVersion, rest) => {
    expect(parseOperation("GET", path)).toMatchObject({ name: "SystemInfo", apiVersion, path: rest });
  });

  it.each([
    ["", []],
    [
      "a=1&b=2&a=3",
      [
        ["a", "1"],
        ["b", "2"],
        ["a", "3"],
      ],
    ],
    ["a", [["a", ""]]],
    ["a=", [["a", ""]]],
    ["=b", [["", "b"]]],
    ["&a=1&&", [["a", "1"]]],
    ["a=b=c", [["a", "b=c"]]],
    ["a=b?c", [["a", "b?c"]]],
    ["t=my+image%3A1%2B2", [["t", "my image:1+2"]]],
    ["filters=%7B%22name%22%3A%5B%22x%22%5D%7D", [["filters", '{"name":["x"]}']]],
    ["%C3%A9=%F0%9F%90%8B", [["é", "🐋"]]],
    [
      "a=%zz&b=%",
      [
        ["a", "%zz"],
        ["b", "%"],
      ],
    ],
    ["a=%ff", [["a", "%ff"]]],
    ["__proto__=1", [["__proto__", "1"]]],
  ])("the query %j is read", (text, query) => {
    expect(parseOperation("GET", `/info?${text}`).query).toEqual(query);
  });

  it("reads any query as URLSearchParams does", () => {
    const pair = fc.tuple(fc.string({ minLength: 1, unit: "grapheme" }), fc.string({ unit: "grapheme" }));
    fc.assert(
      fc.property(fc.array(pair, { minLength: 1 }), (pairs) => {
        const query = parseOperation("GET", `/info?${new URLSearchParams(pairs)}`).query;
        expect(query).toEqual([...new URLSearchParams(new URLSearchParams(pairs).toString())]);
      }),
    );
  });

  it("is read from any target without throwing", () => {
    const read = fc.property(target, (some) => {
      const { apiVersion, path } = parseOperation("GET", some);
      expect(some.startsWith(apiVersion === undefined ? path : `/v${apiVersion}${path}`)).toBe(true);
    });
    fc.assert(read);
  });
});
