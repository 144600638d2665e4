/** An image that is built anew has other digests, and so other names of members; it is the same image all the same. */
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { describe, expect, test } from "vitest";
import { compareRequests } from "../../src/match/compare-requests.ts";
import { type NormalizedBody, normalizeStreamedBody } from "../../src/match/normalize/normalize-body.ts";
import { type RuleInput, resolveRules } from "../../src/match/rules/resolve-rules.ts";

interface Image {
  readonly tags?: readonly string[];
  /** What is in each layer. */
  readonly layers?: readonly Readonly<Record<string, string>>[];
  readonly config?: object;
  /** Seconds: stands in files and in the configuration, and so in every digest. */
  readonly built?: number;
}

const sha256 = (bytes: Buffer | string): string => createHash("sha256").update(bytes).digest("hex");
const DEFAULTS = {
  tags: ["app:1"],
  layers: [{ "bin/app": "app" }, { "etc/conf": "a=1" }],
  config: { Cmd: ["app"] },
  built: 1000,
};

async function packFiles(files: Readonly<Record<string, string | Buffer>>, time: number): Promise<Buffer> {
  const tar = pack();
  for (const [name, content] of Object.entries(files)) tar.entry({ name, mtime: new Date(time * 1000) }, content);
  tar.finalize();
  const pieces: Buffer[] = [];
  for await (const piece of tar) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

async function buildParts(
  image: Image,
): Promise<{ config: string; layers: Buffer[]; tags: readonly string[]; built: number }> {
  const { tags, layers, config, built } = { ...DEFAULTS, ...image };
  const tars = await Promise.all(layers.map((files) => packFiles(files, built)));
  const created = new Date(built * 1000).toISOString();
  const value = {
    created,
    architecture: "amd64",
    config: { ...config, Hostname: sha256(created).slice(0, 12), Image: `sha256:${sha256(created)}` },
    container: sha256(created),
    history: tars.map((_, at) => ({ created, created_by: `step ${at}` })),
    rootfs: { type: "layers", diff_ids: tars.map((tar) => `sha256:${sha256(tar)}`) },
  };
  return { config: JSON.stringify(value), layers: tars, tags, built };
}

/** As `docker save` of 20.10 writes it. */
async function saveOfDocker(image: Image = {}): Promise<Buffer> {
  const { config, layers, tags, built } = await buildParts(image);
  const names = layers.map((layer) => `${sha256(layer)}/layer.tar`);
  const manifest = [{ Config: `${sha256(config)}.json`, RepoTags: tags, Layers: names }];
  const files = Object.fromEntries(layers.map((layer, at) => [names[at] as string, layer]));
  return packFiles(
    {
      ...files,
      [`${sha256(config)}.json`]: config,
      "manifest.json": JSON.stringify(manifest),
      repositories: JSON.stringify({ built }),
    },
    built,
  );
}

/** As an exporter of OCI's layout writes it. */
async function saveOfOci(image: Image = {}): Promise<Buffer> {
  const { config, layers, tags, built } = await buildParts(image);
  const describe = (bytes: Buffer | string): object => ({ digest: `sha256:${sha256(bytes)}`, size: bytes.length });
  const manifest = JSON.stringify({ schemaVersion: 2, config: describe(config), layers: layers.map(describe) });
  const annotations = { "io.containerd.image.name": tags[0], "org.opencontainers.image.created": `${built}` };
  const index = { schemaVersion: 2, manifests: [{ ...describe(manifest), annotations }] };
  const blobs = [manifest, config, ...layers].map((blob) => [`blobs/sha256/${sha256(blob)}`, blob] as const);
  return packFiles(
    {
      ...Object.fromEntries(blobs),
      "index.json": JSON.stringify(index),
      "oci-layout": '{"imageLayoutVersion":"1.0.0"}',
    },
    built,
  );
}

async function* inPieces(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 700) yield bytes.subarray(at, at + 700);
}

function normalize(bytes: Buffer, rules: RuleInput = {}, operation = "ImageLoad"): Promise<NormalizedBody> {
  return normalizeStreamedBody(operation, inPieces(bytes), { rules: resolveRules([rules]) });
}

const FORMATS = { docker: saveOfDocker, OCI: saveOfOci };

describe.each(Object.entries(FORMATS))("an archive of %s's format", (_, save) => {
  const keyOf = async (image: Image, rules?: RuleInput): Promise<string> =>
    (await normalize(await save(image), rules)).key;

  test("of an image that is built anew is the same", async () => {
    expect((await save({})).equals(await save({ built: 2000 }))).toBe(false);
    expect(await keyOf({ built: 2000 })).toBe(await keyOf({}));
  });

  test("is the same if it is gzipped", async () => {
    expect((await normalize(gzipSync(await save({ built: 3000 })))).key).toBe(await keyOf({}));
  });

  test.each<readonly [string, Image]>([
    ["a file", { layers: [{ "bin/app": "changed" }, { "etc/conf": "a=1" }] }],
    ["a file's name", { layers: [{ "bin/other": "app" }, { "etc/conf": "a=1" }] }],
    ["the order of layers", { layers: [{ "etc/conf": "a=1" }, { "bin/app": "app" }] }],
    ["the number of layers", { layers: [{ "bin/app": "app", "etc/conf": "a=1" }] }],
    ["a tag", { tags: ["app:2"] }],
    ["its command", { config: { Cmd: ["app", "-v"] } }],
    ["a variable", { config: { Cmd: ["app"], Env: ["A=1"] } }],
  ])("with another one of these is another: %s", async (_, image) => {
    expect(await keyOf({ built: 2000, ...image })).not.toBe(await keyOf({}));
  });

  test("names what differs", async () => {
    const request = { method: "POST", apiVersion: "1.41", path: "/images/load", query: [], headers: [] };
    const [was, is] = [await normalize(await save({})), await normalize(await save({ built: 2, tags: ["app:2"] }))];
    const differences = compareRequests({ ...request, body: was }, { ...request, body: is });
    expect(differences.map(({ field }) => field)).toEqual(["tar.image-1/tags"]);
  });

  test("is compared member by member under `exact: [image-archives]`", async () => {
    const rules: RuleInput = { exact: ["image-archives"] };
    expect(await keyOf({ built: 2000 }, rules)).not.toBe(await keyOf({}, rules));
    expect(await keyOf({}, rules)).toBe(await keyOf({}, rules));
  });
});

test("both formats of one image differ in nothing", async () => {
  expect((await normalize(await saveOfOci())).key).toBe((await normalize(await saveOfDocker())).key);
});

test("a layer that is a link to another one has its content", async () => {
  const { config, layers } = await buildParts({ layers: [{ a: "a" }, { a: "a" }] });
  const manifest = JSON.stringify([
    { Config: "c.json", RepoTags: ["app:1"], Layers: ["one/layer.tar", "two/layer.tar"] },
  ]);
  const tar = pack();
  tar.entry({ name: "one/layer.tar" }, layers[0] as Buffer);
  tar.entry({ name: "two/layer.tar", type: "symlink", linkname: "../one/layer.tar" });
  tar.entry({ name: "c.json" }, config);
  tar.entry({ name: "manifest.json" }, manifest);
  tar.finalize();
  const pieces: Buffer[] = [];
  for await (const piece of tar) pieces.push(piece as Buffer);
  const { tar: entries } = await normalize(Buffer.concat(pieces));
  const [, , first, second] = entries ?? [];
  expect([first?.name, second?.name]).toEqual(["image-1/layer-1", "image-1/layer-2"]);
  expect(first?.sha256).toBe(second?.sha256);
});

test("an archive without a manifest counts by its members, and so does a build's context", async () => {
  const plain = await packFiles({ "a.txt": "a" }, 1);
  expect((await normalize(plain)).tar?.map(({ name }) => name)).toEqual(["a.txt"]);
  const image = await saveOfDocker();
  expect((await normalize(image, {}, "ImageBuild")).tar?.some(({ name }) => name === "manifest.json")).toBe(true);
});

describe("rules name files of a tar", () => {
  const files = {
    "app/version.txt": "1",
    "app/main.js": "m",
    "logs/a.log": "a",
    "logs/deep/b.log": "b",
    "x[1].txt": "x",
  };
  const changed = (name: string): object => ({ ...files, [name]: "changed" });

  test.each([
    ["tar.app/version.txt", "app/version.txt", true],
    ["tar.app/version.txt", "app/main.js", false],
    ["tar.app/*", "app/main.js", true],
    ["tar.logs/*.log", "logs/a.log", true],
    ["tar.logs/*.log", "logs/deep/b.log", false],
    ["tar.logs/**", "logs/deep/b.log", true],
    ["tar.**/b.log", "logs/deep/b.log", true],
    ["tar.**", "app/main.js", true],
    ["tar.a", "app/main.js", false],
    ["json.app", "app/main.js", false],
  ])("%s: %s", async (rule, name, isIgnored) => {
    const rules: RuleInput = { ignore: [rule] };
    const [was, is] = [await packFiles(files, 1), await packFiles(changed(name) as typeof files, 1)];
    const equal = (await normalize(was, rules, "ImageBuild")).key === (await normalize(is, rules, "ImageBuild")).key;
    expect(equal).toBe(isIgnored);
  });

  test("also files that are only there today", async () => {
    const rules: RuleInput = { ignore: ["tar.logs/**"] };
    const [was, is] = [await packFiles({ a: "a" }, 1), await packFiles({ a: "a", "logs/new.log": "n" }, 1)];
    for (const operation of ["ImageBuild", "PutContainerArchive", "ImageCreate"]) {
      expect((await normalize(was, rules, operation)).key).toBe((await normalize(is, rules, operation)).key);
    }
  });
});
