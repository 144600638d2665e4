import { describe, expect, test } from "vitest";
import { toContainerConfig } from "../../../src/mock/model/container-config.ts";
import { BuildArgs } from "../../../src/mock/operations/builder/build-args.ts";
import { findCached } from "../../../src/mock/operations/builder/build-cache.ts";
import { readContext } from "../../../src/mock/operations/builder/build-context.ts";
import { copySources, findSources, formatFingerprint } from "../../../src/mock/operations/builder/copy-sources.ts";
import { parseInstruction } from "../../../src/mock/operations/dockerfile/instruction.ts";
import { toVariables } from "../../../src/mock/operations/dockerfile/variables.ts";
import { addImage } from "../../../src/mock/operations/images/commit.ts";
import {
  createDirectoryNode,
  createFileNode,
  type DirectoryNode,
  type TreeNode,
} from "../../../src/userland/files/node.ts";
import { buildTree, walk } from "../../../src/userland/files/tree.ts";
import { catchApiError } from "../../playbook/catch-api-error.ts";
import { MockedDaemon } from "../../playbook/mocked.ts";
import { packTar } from "../../playbook/tarred.ts";

function tree(files: Readonly<Record<string, string>>): DirectoryNode {
  const placed = Object.entries(files).map(([path, text]) => ({ path, node: createFileNode(text, 0) }));
  return buildTree(placed, createDirectoryNode(0));
}

const CONTEXT = tree({ "a.txt": "a", "b.txt": "b", "sub/c.txt": "c", "sub/deep/d.md": "d" });
const FOUND = { command: "COPY", isContext: true };

function pathsOf(root: DirectoryNode): string[] {
  return [...walk(root)].map(({ path, node }) => (node.kind === "directory" ? `${path}/` : path)).sort();
}

describe("a source", () => {
  test.each([
    ["a.txt", ["a.txt"]],
    ["./a.txt", ["a.txt"]],
    ["/a.txt", ["a.txt"]],
    ["sub/../a.txt", ["a.txt"]],
    ["sub", ["sub"]],
    ["*.txt", ["a.txt", "b.txt"]],
    ["sub/*", ["c.txt", "deep"]],
    ["?.txt", ["a.txt", "b.txt"]],
    ["[b-z].txt", ["b.txt"]],
    ["*.none", []],
  ])("%s is found", (pattern, names) => {
    expect(
      findSources(CONTEXT, pattern, FOUND)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(names);
  });

  test.each([
    [
      "none",
      true,
      "500 COPY failed: file not found in build context or excluded by .dockerignore: stat none: file does not exist",
    ],
    ["none", false, "500 COPY failed: stat none: file does not exist"],
    ["../a", true, "500 COPY failed: forbidden path outside the build context: ../a ()"],
  ])("%s is an error (context: %s)", (pattern, isContext, error) => {
    expect(catchApiError(() => findSources(CONTEXT, pattern, { command: "COPY", isContext }))).toBe(error);
  });
});

describe("sources are copied", () => {
  const STAGE = tree({ "etc/passwd": "", "dir/old": "" });
  async function copy(patterns: readonly string[], target: string, workingDir = ""): Promise<string[]> {
    const sources = patterns.flatMap((pattern) => findSources(CONTEXT, pattern, FOUND));
    const owner = { uid: 5, gid: 6 };
    const root = await copySources(STAGE, { sources, target, workingDir, owner, unpacks: false }, 7);
    const before = new Set(pathsOf(STAGE));
    return pathsOf(root).filter((path) => !before.has(path));
  }

  test.each([
    [["a.txt"], "/new", "", ["/new"]],
    [["a.txt"], "/new/", "", ["/new/", "/new/a.txt"]],
    [["a.txt"], "/dir", "", ["/dir/a.txt"]],
    [["a.txt"], ".", "/dir", ["/dir/a.txt"]],
    [["a.txt"], "x", "/dir", ["/dir/x"]],
    [["a.txt"], "x", "", ["/x"]],
    [["a.txt", "b.txt"], "/dir/", "", ["/dir/a.txt", "/dir/b.txt"]],
    [["sub"], "/dir", "", ["/dir/c.txt", "/dir/deep/", "/dir/deep/d.md"]],
    [["sub"], "/new", "", ["/new/", "/new/c.txt", "/new/deep/", "/new/deep/d.md"]],
    [["sub"], "/", "", ["/c.txt", "/deep/", "/deep/d.md"]],
  ])("%j to %s in %j", async (patterns, target, workingDir, added) => {
    expect(await copy(patterns, target, workingDir)).toEqual(added);
  });

  test("with their owner", async () => {
    const copied = await copySources(
      STAGE,
      {
        sources: findSources(CONTEXT, "sub", FOUND),
        target: "/new",
        workingDir: "",
        owner: { uid: 5, gid: 6 },
        unpacks: false,
      },
      7,
    );
    const owners = [...walk(copied)]
      .filter(({ path }) => path.startsWith("/new"))
      .map(({ node }) => [node.uid, node.gid]);
    expect(owners).toEqual(Array(4).fill([5, 6]));
  });

  test("ADD unpacks a tar, but not a download", async () => {
    const node: TreeNode = createFileNode(packTar({ "in/side": "x" }), 0);
    const options = { target: "/t/", workingDir: "", owner: { uid: 0, gid: 0 }, unpacks: true };
    const local = await copySources(STAGE, { ...options, sources: [{ name: "a.tar", node }] }, 0);
    const remote = await copySources(STAGE, { ...options, sources: [{ name: "a.tar", node, isRemote: true }] }, 0);
    expect([pathsOf(local).includes("/t/in/side"), pathsOf(remote).includes("/t/a.tar")]).toEqual([true, true]);
  });
});

test("a fingerprint depends on names and contents, and not on times", () => {
  const [a, later, other] = [createFileNode("a", 0), createFileNode("a", 99), createFileNode("b", 0)];
  const print = (name: string, node: TreeNode): string => formatFingerprint([{ name, node }]);
  expect(print("x", a)).toBe(print("y", later));
  expect(print("x", a)).not.toBe(print("x", other));
  expect(print("x", a)).toMatch(/^file:[0-9a-f]{64}$/);
  expect(print("x", CONTEXT)).toMatch(/^dir:/);
  const both = formatFingerprint([
    { name: "x", node: a },
    { name: "y", node: a },
  ]);
  expect(both).toMatch(/^multi:/);
  expect(
    formatFingerprint([
      { name: "x", node: a },
      { name: "z", node: a },
    ]),
  ).not.toBe(both);
});

describe("a context", () => {
  const read = (files: Readonly<Record<string, string>>, dockerfile = "") =>
    readContext({ body: packTar(files), dockerfile, remote: "" }, {});

  test.each<[string, Record<string, string>, string, string[]]>([
    ["keeps its Dockerfile", { Dockerfile: "FROM a", x: "" }, "", ["/Dockerfile", "/x"]],
    ["takes a lower-case Dockerfile", { dockerfile: "FROM a" }, "", ["/dockerfile"]],
    ["takes another file", { "docker/File": "FROM a" }, "docker/File", ["/docker/", "/docker/File"]],
    [
      "loses an ignored Dockerfile",
      { Dockerfile: "FROM a", ".dockerignore": "Dockerfile", x: "" },
      "",
      ["/.dockerignore", "/x"],
    ],
    ["loses an ignored ignore file", { Dockerfile: "FROM a", ".dockerignore": ".docker*" }, "", ["/Dockerfile"]],
    ["keeps what is included again", { Dockerfile: "FROM a", ".dockerignore": "*\n!Dockerfile" }, "", ["/Dockerfile"]],
    [
      "loses what `**` matches",
      { "x/y/File": "FROM a", ".dockerignore": "**/File" },
      "x/y/File",
      ["/.dockerignore", "/x/", "/x/y/"],
    ],
    [
      "ignores comments",
      { Dockerfile: "FROM a", ".dockerignore": "# Dockerfile\n" },
      "",
      ["/.dockerignore", "/Dockerfile"],
    ],
  ])("%s", async (_, files, dockerfile, paths) => {
    const context = await read(files, dockerfile);
    expect([context.dockerfile, pathsOf(context.root)]).toEqual(["FROM a", paths]);
  });

  test.each<[Record<string, string>, string, string]>([
    [{ x: "" }, "", "500 Cannot locate specified Dockerfile: Dockerfile"],
    [{ Dockerfile: " \n" }, "", "400 the Dockerfile (Dockerfile) cannot be empty"],
    [{ x: "" }, "../x", "500 forbidden path outside the build context: ../x ()"],
  ])("%j is an error", async (files, dockerfile, error) => {
    const thrown: unknown = await read(files, dockerfile).catch((reason: unknown) => reason);
    expect(
      catchApiError(() => {
        throw thrown;
      }),
    ).toBe(error);
  });
});

describe("build arguments", () => {
  function declare(
    values: Record<string, string | null>,
    globals: readonly string[],
    own: readonly string[],
  ): BuildArgs {
    const args = new BuildArgs(values);
    const arg = (word: string) => parseInstruction({ number: 1, text: `ARG ${word}` }, "\\");
    for (const word of globals) args.declare(arg(word), args.globals, "\\", true);
    for (const word of own) args.declare(arg(word), args.getEffective([]), "\\", false);
    return args;
  }

  test.each<[string, Record<string, string | null>, string[], string[], string[], object]>([
    ["a default", {}, [], ["A=1"], [], { A: "1" }],
    ["the client's value", { A: "2" }, [], ["A=1"], [], { A: "2" }],
    ["a default where the client has null", { A: null }, [], ["A=1"], [], { A: "1" }],
    ["nothing without a value", {}, [], ["A"], [], {}],
    ["nothing without a declaration", { A: "2" }, ["A=1"], [], [], {}],
    ["a global default", {}, ["A=1"], ["A"], [], { A: "1" }],
    ["a global's value of the client", { A: "3" }, ["A=1"], ["A"], [], { A: "3" }],
    ["one that refers to another", {}, [], ["A=1", "B=$A$A"], [], { A: "1", B: "11" }],
    ["none that a variable hides", { A: "2" }, [], ["A=1"], ["A=env"], {}],
  ])("have %s", (_, values, globals, own, env, expected) => {
    expect(Object.fromEntries(declare(values, globals, own).getEffective(env))).toEqual(expected);
  });

  test("are forgotten by the next stage", () => {
    const args = declare({}, [], ["A=1"]);
    args.reset();
    expect([...args.getEffective([])]).toEqual([]);
  });

  test("that are not declared are reported, but for proxies", () => {
    const args = declare({ b: "", a: "", A: "", http_proxy: "p", NO_PROXY: null }, [], ["A"]);
    expect([args.unused, args.proxies]).toEqual([["a", "b"], ["http_proxy=p"]]);
  });

  test("variables without `=` are empty", () => {
    expect([...toVariables(["A=1=2", "B"])]).toEqual([
      ["A", "1=2"],
      ["B", ""],
    ]);
  });
});

describe("the cache finds an image", () => {
  const { engine } = new MockedDaemon();
  const base = engine.images.find("busybox");
  const config = toContainerConfig({ Env: ["A=1"], Cmd: ["#(nop) ", "ENV A=1"], Hostname: "one" });
  const image = addImage(engine, base, undefined, { config, containerConfig: config, createdBy: "ENV A=1" });

  test.each<[string, object, boolean]>([
    ["of the same settings", {}, true],
    ["of another host name", { Hostname: "two" }, true],
    ["not of another command", { Cmd: ["x"] }, false],
    ["not of another variable", { Env: ["A=2"] }, false],
    ["not of another label", { Labels: { a: "1" } }, false],
    ["not of another port", { ExposedPorts: { "80/tcp": {} } }, false],
    ["not of another user", { User: "app" }, false],
  ])("%s", (_, change, isFound) => {
    const found = findCached(engine, base.id, { ...config, ...change });
    expect(found?.id).toBe(isFound ? image.id : undefined);
  });

  test("only on the same parent, and the newest of them", () => {
    expect(findCached(engine, image.id, config)).toBeUndefined();
    const newer = addImage(engine, base, undefined, {
      config,
      containerConfig: config,
      createdBy: "ENV A=1",
      comment: "2",
    });
    expect(findCached(engine, base.id, config)?.id).toBe(newer.id);
  });
});
