import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { Allowance } from "../../src/cassette/rule-names.ts";
import {
  NO_BODY,
  type NormalizedBody,
  normalizeBody,
  normalizeStreamedBody,
} from "../../src/match/normalize/normalize-body.ts";
import { resolveRules } from "../../src/match/rules/resolve-rules.ts";
import { cutIntoPieces } from "../wire/deliveries.ts";
import { createTar } from "./create-tar.ts";

function json(value: unknown, operation = "ContainerCreate", ignore: readonly string[] = []): string {
  return normalizeBody(operation, Buffer.from(typeof value === "string" ? value : JSON.stringify(value)), {
    rules: resolveRules([{ ignore }]),
  }).key;
}

async function streamed(operation: string, body: Buffer, pieceSize = 100): Promise<NormalizedBody> {
  async function* pieces(): AsyncGenerator<Buffer> {
    yield* cutIntoPieces(body, pieceSize);
  }
  return normalizeStreamedBody(operation, pieces(), { rules: resolveRules([]) });
}

describe("equivalent JSON bodies", () => {
  test.each([
    ["members in another order", '{"a":1,"b":{"c":2,"d":3}}', '{"b":{"d":3,"c":2},"a":1}'],
    ["blanks", '{"a": [1, 2]}\n', '{"a":[1,2]}'],
    ["Env in another order", '{"Env":["A=1","B=2"]}', '{"Env":["B=2","A=1"]}'],
    [
      "what a service of compose depends on in another order",
      '{"Labels":{"com.docker.compose.depends_on":"db:service_healthy:false,init:service_started:false"}}',
      '{"Labels":{"com.docker.compose.depends_on":"init:service_started:false,db:service_healthy:false"}}',
    ],
    [
      "Binds in another order",
      '{"H":{"Binds":["/a:/x","/b:/y:ro","v:/c"]}}',
      '{"H":{"Binds":["v:/c","/a:/x","/b:/y:ro"]}}',
    ],
    [
      "Ulimits in another order",
      '{"H":{"Ulimits":[{"Name":"core","Soft":1},{"Name":"nofile","Soft":2}]}}',
      '{"H":{"Ulimits":[{"Soft":2,"Name":"nofile"},{"Soft":1,"Name":"core"}]}}',
    ],
    ["Aliases in another order", '{"E":{"n":{"Aliases":["x","y"]}}}', '{"E":{"n":{"Aliases":["y","x"]}}}'],
  ])("%s", (_, one, other) => {
    expect(json(one)).toBe(json(other));
  });
});

describe("JSON bodies that differ", () => {
  test.each([
    ["values", '{"a":1}', '{"a":2}'],
    ["Cmd in another order", '{"Cmd":["a","b"]}', '{"Cmd":["b","a"]}'],
    ["Env that holds one twice", '{"Env":["A=1","A=1"]}', '{"Env":["A=1"]}'],
    ["null and absent", '{"a":null}', "{}"],
    ["JSON and no JSON", "{}", "{"],
  ])("%s", (_, one, other) => {
    expect(json(one)).not.toBe(json(other));
  });
});

test("no body and an empty object differ", () => {
  expect(normalizeBody("ContainerCreate", Buffer.alloc(0), { rules: resolveRules([]) })).toBe(NO_BODY);
  expect(json("{}")).not.toBe(NO_BODY.key);
});

test("an ignored member is not compared, at any depth and in lists", () => {
  const ignore = ["json.HostConfig.Memory", "json.Mounts.Source"];
  const body = (memory: number, source: string): unknown => ({
    HostConfig: { Memory: memory },
    Mounts: [{ Source: source, Target: "/x" }],
  });
  expect(json(body(1, "/a"), "ContainerCreate", ignore)).toBe(json(body(2, "/b"), "ContainerCreate", ignore));
  expect(json(body(1, "/a"))).not.toBe(json(body(2, "/a")));
});

test.each([
  ["ContainerCreate", (path: string) => ({ HostConfig: { ContainerIDFile: path, Memory: 1 } })],
  ["ContainerStart", (path: string) => ({ ContainerIDFile: path, Memory: 1 })],
])("%s: where the client writes the container's id is its own business", (operation, body) => {
  expect(json(body("/tmp/a/cid"), operation)).toBe(json(body("/home/b/id.txt"), operation));
  expect(json(body("/tmp/a/cid"), operation)).toBe(json(body(""), operation));
  expect(json(body("/tmp/a/cid"), operation)).toContain('"Memory":1');
});

test("secrets are blanked before they are compared: any password matches a redacted one", () => {
  const login = (password: string): string => json({ username: "me", password }, "SystemAuth");
  expect(login("hunter2")).toBe(login("<redacted>"));
  expect(login("hunter2")).not.toContain("hunter2");
  expect(json({ username: "you", password: "hunter2" }, "SystemAuth")).not.toBe(login("hunter2"));
});

describe("tars", () => {
  const files = [
    { name: "Dockerfile", text: "FROM alpine\n" },
    { name: "src/a.txt", text: "a" },
  ];

  test.each([
    ["in another order", async () => createTar([...files].reverse())],
    ["of another time and owner", async () => createTar(files.map((file) => ({ ...file, mtime: 1e12, uid: 1000 })))],
    ["with the type's bits in the mode", async () => createTar(files.map((file) => ({ ...file, mode: 0o100644 })))],
    ["in a gzip wrapper", async () => gzipSync(await createTar(files))],
  ])("%s hold the same", async (_, other) => {
    const meaning = await streamed("ImageBuild", await createTar(files));
    expect(meaning.key).toMatch(/^tar:/);
    expect((await streamed("ImageBuild", await other())).key).toBe(meaning.key);
  });

  test.each([
    ["another content", [files[0], { name: "src/a.txt", text: "b" }]],
    ["another mode", [files[0], { name: "src/a.txt", text: "a", mode: 0o755 }]],
    ["another name", [files[0], { name: "src/b.txt", text: "a" }]],
    ["one file less", [files[0]]],
  ])("with %s do not", async (_, other) => {
    const meaning = await streamed("ImageBuild", await createTar(files));
    expect((await streamed("ImageBuild", await createTar(other as typeof files))).key).not.toBe(meaning.key);
  });

  test("a body that is no tar is compared by all its bytes", async () => {
    const body = Buffer.from("x".repeat(5000));
    const meaning = await streamed("ImageBuild", body);
    expect(meaning.key).toMatch(/^bytes:/);
    expect(meaning.size).toBe(5000);
    expect((await streamed("ImageBuild", body, 7)).key).toBe(meaning.key);
    expect((await streamed("ImageBuild", Buffer.from(`${"x".repeat(4999)}y`))).key).not.toBe(meaning.key);
  });

  test("JSON in the place of a tar (dockerode copies its query there) is compared as JSON", async () => {
    const one = await streamed("ImageCreate", Buffer.from('{"fromImage":"a","tag":"b"}'));
    const other = await streamed("ImageCreate", Buffer.from('{"tag":"b","fromImage":"a"}'));
    expect(one.key).toBe(other.key);
  });

  test("no bytes at all are no body", async () => {
    expect(await streamed("ImageCreate", Buffer.alloc(0))).toEqual(NO_BODY);
  });
});

test("under `exact: [tars]` the bytes of tars are compared", async () => {
  const tar = await createTar([{ name: "f.txt", text: "one" }]);
  const pieces = [tar] as unknown as AsyncIterable<Buffer>;
  const { key } = await normalizeStreamedBody("ImageBuild", pieces, { rules: resolveRules([{ exact: ["tars"] }]) });
  expect(key).toMatch(/^bytes:/);
});

test.each([
  ["the CLI's", 20],
  ["docker-py's", 40],
])("under `exact: [dockerfile-names]` %s random names differ", async (_, digits) => {
  const meaning = async (name: string, exact: readonly Allowance[]): Promise<NormalizedBody> => {
    const pieces = [await createTar([{ name, text: "FROM scratch" }])] as unknown as AsyncIterable<Buffer>;
    return normalizeStreamedBody("ImageBuild", pieces, { rules: resolveRules([{ exact }]) });
  };
  const [one, other] = [`.dockerfile.${"1".repeat(digits)}`, `.dockerfile.${"2".repeat(digits)}`];
  expect((await meaning(one, [])).key).toBe((await meaning(other, [])).key);
  expect((await meaning(one, ["dockerfile-names"])).key).not.toBe((await meaning(other, ["dockerfile-names"])).key);
});

test("a few bytes are no empty tar: other bytes differ", async () => {
  const [one, other, empty] = await Promise.all(
    [Buffer.from("hello"), Buffer.from("world"), Buffer.alloc(1024)].map((body) => streamed("ImageBuild", body)),
  );
  expect(one?.key).toMatch(/^bytes:/);
  expect(one?.key).not.toBe(other?.key);
  expect(empty?.tar).toEqual([]);
});
