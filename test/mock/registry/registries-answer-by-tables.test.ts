import { describe, expect, test } from "vitest";
import { createBuiltinImages } from "../../../src/mock/images/builtin-images.ts";
import { toDigest } from "../../../src/mock/images/layers.ts";
import { ApiError } from "../../../src/mock/model/api-error.ts";
import type { Credentials } from "../../../src/mock/model/credentials.ts";
import type { Image } from "../../../src/mock/model/image.ts";
import { parseReference } from "../../../src/mock/model/image-reference.ts";
import { findCatalogImage } from "../../../src/mock/registry/catalog.ts";
import { type ImageRegistry, toRegistryHost } from "../../../src/mock/registry/image-registry.ts";
import { createManifest, encodeManifest } from "../../../src/mock/registry/manifest.ts";
import { RemoteRegistry } from "../../../src/mock/registry/remote-registry.ts";
import { RoutedRegistry } from "../../../src/mock/registry/routed-registry.ts";
import { type RegistryScript, ScriptedRegistry } from "../../../src/mock/registry/scripted-registry.ts";

const [BUSYBOX] = createBuiltinImages() as [Image];
const TIDE: Credentials = { username: "tide", password: "low" };

/** `ok`, or `500 message`. */
async function outcome(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "ok";
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return `${error.status} ${error.message}`;
  }
}

const deniedError = (name: string): string =>
  `404 pull access denied for ${name}, repository does not exist or may require 'docker login': denied: requested access to the resource is denied`;
const unknownError = (name: string): string => `404 manifest for ${name} not found: manifest unknown: manifest unknown`;

describe("a scripted registry", () => {
  const SCRIPT: RegistryScript = {
    images: { "shop/web:2": {}, "127.0.0.1:5000/tide": { isBare: true, files: { "/a": "x" } } },
    failures: { "broken:1": { message: "no disk", status: 507 }, slow: { message: "cut off", afterLayers: 1 } },
    users: { "private.test": { tide: "low" } },
  };
  const registry = new ScriptedRegistry(SCRIPT);

  test.each([
    ["busybox", "ok"],
    ["alpine:3.19", "ok"],
    ["nginx:1.25-alpine", "ok"],
    ["postgres:16", "ok"],
    ["alpine:nosuch", unknownError("alpine:nosuch")],
    ["nosuch", deniedError("nosuch")],
    ["tide/nosuch", deniedError("tide/nosuch")],
    ["shop/web:2", "ok"],
    ["shop/web", unknownError("shop/web:latest")],
    ["127.0.0.1:5000/tide", "ok"],
    ["127.0.0.1:5000/nosuch", unknownError("127.0.0.1:5000/nosuch:latest")],
    ["broken:1", "507 no disk"],
    ["slow", "ok"],
    [`busybox@sha256:${"f".repeat(64)}`, unknownError(`busybox@sha256:${"f".repeat(64)}`)],
  ])("finds %s: %s", async (name, result) => {
    expect(await outcome(registry.find(parseReference(name), {}))).toBe(result);
  });

  test("finds an image by the digest of its manifest", async () => {
    const { manifest, image } = await registry.find(parseReference("busybox"), {});
    const found = await registry.find(parseReference(`busybox@${manifest.digest}`), {});
    expect(found.image.id).toBe(image.id);
  });

  test("passes on where a pull breaks", async () => {
    expect((await registry.find(parseReference("slow"), {})).breaksAfter).toEqual({ layers: 1, message: "cut off" });
  });

  test("has any image, if the script says so", async () => {
    const any = new ScriptedRegistry({ hasAnyImage: true });
    expect(await outcome(any.find(parseReference("no/such:7"), {}))).toBe("ok");
  });

  test.each([
    [{}, '500 Head "https://private.test/v2/web/manifests/1": no basic auth credentials'],
    [{ username: "tide", password: "high" }, "500 unauthorized: authentication required"],
    [{ username: "nobody", password: "low" }, "500 unauthorized: authentication required"],
    [TIDE, unknownError("private.test/web:1")],
  ])("checks the credentials %j", async (credentials, result) => {
    expect(await outcome(registry.find(parseReference("private.test/web:1"), credentials))).toBe(result);
  });

  test.each([
    ["private.test", TIDE, "ok"],
    ["https://private.test/v1/", TIDE, "ok"],
    ["private.test", {}, "500 login attempt to https://private.test/v2/ failed with status: 401 Unauthorized"],
    ["open.test", {}, "ok"],
  ])("logs in at %s with %j: %s", async (address, credentials, result) => {
    expect(await outcome(registry.logIn(address, credentials))).toBe(result);
  });

  test.each([
    ["busybox", {}, "500 denied: requested access to the resource is denied"],
    ["tide/web", {}, "ok"],
    ["private.test/web", {}, "500 no basic auth credentials"],
    ["private.test/web", TIDE, "ok"],
    ["broken:1", {}, "507 no disk"],
  ])("authorizes a push to %s with %j: %s", async (name, credentials, result) => {
    expect(await outcome(registry.authorizePush(parseReference(name), credentials))).toBe(result);
  });

  test.each([
    ["shop/web", ["2"]],
    ["busybox", ["latest"]],
  ])("lists the tags of %s", async (name, tags) => {
    expect(await registry.listTags(parseReference(name), {})).toEqual(tags);
  });

  test.each([
    ["nosuch", deniedError("nosuch")],
    ["slow", "500 cut off"],
  ])("lists no tags of %s", async (name, result) => {
    expect(await outcome(registry.listTags(parseReference(name), {}))).toBe(result);
  });

  test("keeps what is pushed, and knows its layers in the same registry", async () => {
    const own = new ScriptedRegistry();
    const reference = parseReference("quay.test/a:1");
    expect(await own.findLayer(reference, BUSYBOX, 0)).toBeUndefined();
    await own.put(reference, { ...BUSYBOX, tags: ["a:1"] });
    expect((await own.find(reference, {})).image).toMatchObject({ id: BUSYBOX.id, tags: [] });
    expect(await own.findLayer(parseReference("quay.test/b:1"), BUSYBOX, 0)).toBe("a");
    expect(await own.findLayer(parseReference("other.test/b:1"), BUSYBOX, 0)).toBeUndefined();
  });

  test("searches its catalog and its images of the hub", async () => {
    const results = await registry.search("web", 5);
    expect(results).toEqual([{ name: "shop/web", description: "", stars: 1000, isOfficial: false }]);
    expect((await registry.search("", 3)).map(({ stars, isOfficial }) => [stars, isOfficial])).toEqual([
      [1000, true],
      [990, true],
      [980, true],
    ]);
  });
});

test.each([
  ["busybox", "latest", ["sh"]],
  ["redis", "7", ["redis-server"]],
  ["nginx", "stable", ["nginx", "-g", "daemon off;"]],
  ["testcontainers/ryuk", "0.5.1", ["ryuk"]],
  ["hello-world", "latest", ["/hello"]],
  ["redis", "weird", undefined],
  ["nosuch", "latest", undefined],
])("the catalog's %s:%s runs %j", (name, tag, command) => {
  expect(findCatalogImage(name, tag)?.config.Cmd).toEqual(command);
});

test("a manifest names the configuration and one blob for each layer", () => {
  const { digest, size, blobs } = createManifest(BUSYBOX);
  const text = encodeManifest(BUSYBOX, blobs);
  expect([digest, size, blobs.length]).toEqual([toDigest(text), text.length, BUSYBOX.layers.length]);
  expect(JSON.parse(text.toString())).toMatchObject({
    schemaVersion: 2,
    config: { digest: BUSYBOX.id, size: BUSYBOX.bytes.length },
    layers: blobs.map((blob) => ({ digest: blob.digest, size: blob.size })),
  });
  expect(createManifest(BUSYBOX)).toEqual({ digest, size, blobs });
});

test.each([
  ["127.0.0.1:5000", "127.0.0.1:5000"],
  ["https://index.docker.io/v1/", "index.docker.io"],
  ["http://a:1/v2/", "a:1"],
])("the host of %s is %s", (address, host) => {
  expect(toRegistryHost(address)).toBe(host);
});

describe("a routed registry", () => {
  const calls: string[] = [];
  const createRegistry = (name: string): ImageRegistry =>
    new Proxy({} as ImageRegistry, {
      get: (_, method) => async () => void calls.push(`${name} ${String(method)}`),
    });
  const routed = new RoutedRegistry(["127.0.0.1:5000"], createRegistry("real"), createRegistry("scripted"));

  test.each<[string, (name: string) => unknown]>([
    ["find", (name) => routed.find(parseReference(name), {})],
    ["listTags", (name) => routed.listTags(parseReference(name), {})],
    ["authorizePush", (name) => routed.authorizePush(parseReference(name), {})],
    ["findLayer", (name) => routed.findLayer(parseReference(name), BUSYBOX, 0, {})],
    ["put", (name) => routed.put(parseReference(name), BUSYBOX, {})],
    ["logIn", (name) => routed.logIn(`http://${name}`, {})],
  ])("asks the registry of the address: %s", async (method, call) => {
    calls.length = 0;
    await call("127.0.0.1:5000/web");
    await call("quay.test/web");
    expect(calls).toEqual([`real ${method}`, `scripted ${method}`]);
  });

  test("searches in the scripted one", async () => {
    calls.length = 0;
    await routed.search("a", 1);
    expect(calls).toEqual(["scripted search"]);
  });
});

describe("a real registry", () => {
  const NAME = "127.0.0.1:5000/web:1";
  const answering = (status: number, body = ""): ImageRegistry =>
    new RemoteRegistry(async () => ({
      status,
      headers: { location: "/v2/web/blobs/uploads/1" },
      body: Buffer.from(body),
    }));
  const ask: Record<string, (registry: ImageRegistry, credentials: Credentials) => Promise<unknown>> = {
    find: (registry, credentials) => registry.find(parseReference(NAME), credentials),
    listTags: (registry, credentials) => registry.listTags(parseReference(NAME), credentials),
    authorizePush: (registry, credentials) => registry.authorizePush(parseReference(NAME), credentials),
    put: (registry, credentials) => registry.put(parseReference(NAME), BUSYBOX, credentials),
    logIn: (registry, credentials) => registry.logIn("http://127.0.0.1:5000/v2/", credentials),
    search: (registry) => registry.search("web", 1),
  };
  const get = (kind: string, page: string): string =>
    `500 ${kind} "http://127.0.0.1:5000/v2/web/${page}": no basic auth credentials`;

  test.each<[string, number, Credentials, string]>([
    ["find", 404, {}, unknownError("127.0.0.1:5000/web:1")],
    ["find", 401, {}, get("Head", "manifests/1")],
    ["find", 401, TIDE, "500 unauthorized: authentication required"],
    ["listTags", 404, {}, "404 name unknown: repository name not known to registry"],
    ["listTags", 401, {}, get("Get", "tags/list")],
    ["authorizePush", 401, {}, "500 no basic auth credentials"],
    ["authorizePush", 404, {}, "ok"],
    ["put", 500, {}, "500 received unexpected HTTP status: 500"],
    ["put", 401, {}, get("Get", "blobs/uploads/")],
    ["logIn", 401, TIDE, "500 login attempt to http://127.0.0.1:5000/v2/ failed with status: 401 Unauthorized"],
    ["logIn", 200, TIDE, "ok"],
    ["search", 200, {}, "500 Unexpected status code 404"],
  ])("%s with the status %d and %j: %s", async (method, status, credentials, result) => {
    expect(await outcome(ask[method]?.(answering(status), credentials) ?? Promise.reject(new Error(method)))).toBe(
      result,
    );
  });

  test.each([
    ['{"tags":["b","a"]}', ["a", "b"]],
    ['{"tags":null}', []],
  ])("lists the tags %s", async (body, tags) => {
    expect(await answering(200, body).listTags(parseReference(NAME), {})).toEqual(tags);
  });

  test("gets credentials, and media types", async () => {
    const requests: unknown[] = [];
    const registry = new RemoteRegistry(async (host, method, path, { headers }) => {
      requests.push([host, method, path, headers]);
      return { status: 404, headers: {}, body: Buffer.alloc(0) };
    });
    await outcome(registry.find(parseReference(NAME), TIDE));
    const Authorization = `Basic ${Buffer.from("tide:low").toString("base64")}`;
    const Accept = "application/vnd.docker.distribution.manifest.v2+json";
    expect(requests).toEqual([["127.0.0.1:5000", "GET", "/v2/web/manifests/1", { Authorization, Accept }]]);
  });
});
