import { describe, expect, test } from "vitest";
import { recordPieces } from "../../record/builds/record-capture.ts";
import { BuildClient, type BuildRequest, type ClientFile } from "./build-client.ts";
import { BuildTheatre, piecesOf, recordingOf, theatreOf } from "./build-theatre.ts";
import { frontendOf, LOCAL, PLAIN, solveOf, stdinOf, withContext } from "./recorded-builds.ts";

const OK = { code: 0, message: "" };

/** What the client prints. Status ends well, or the client would not print it. */
async function refusalOf(theatre: BuildTheatre, request: BuildRequest): Promise<string> {
  const client = new BuildClient(theatre.daemon);
  const control = await client.connect();
  const { solve, status } = await client.build(control, request);
  control.destroy();
  expect(status).toEqual(OK);
  expect(solve.code).toBe(9);
  expect(solve.message).not.toContain("\n");
  return solve.message;
}

function replaced(path: string, change: Partial<ClientFile>): (files: readonly ClientFile[]) => readonly ClientFile[] {
  return (files) => files.map((file) => (file.path === path ? { ...file, ...change } : file));
}

describe("a build whose context is not the recorded one is refused", () => {
  const DIRECTORY = 2 ** 31 + 0o755;
  test.each<[string, (files: readonly ClientFile[]) => readonly ClientFile[], string]>([
    ["a content of the same size", replaced("src/f1", { content: "F1\n" }), "src/f1 differs in its content"],
    ["a content of another size", replaced("app.txt", { content: "apple\n" }), "app.txt differs in its content"],
    ["a mode", replaced("src/f2", { mode: 0o755 }), "src/f2 differs in its mode (recorded 644, got 755)"],
    [
      "a type",
      replaced("src/f1", { mode: DIRECTORY, content: "" }),
      "src/f1 differs in its type (recorded file, got directory)",
    ],
    ["a link", replaced("src/link", { linkname: "f2" }), "src/link differs in its target (recorded f1, got f2)"],
    ["a file that is missing", (files) => files.filter(({ path }) => path !== "src/f2"), "src/f2 is missing"],
    ["a file that is new", (files) => [...files, { path: "src/new", content: "new" }], "src/new is new"],
  ])("by %s", async (_what, change, text) => {
    const theatre = await theatreOf("plain");
    const message = await refusalOf(theatre, withContext(PLAIN, change));
    expect(message).toBe(
      `whalesong: the build context is not the recorded one: ${text} (run.yaml:251) [WHALESONG_BUILD_DIFFERS]`,
    );
    expect(theatre.report).toMatchObject({ differing: [message], missed: [], stalled: [] });
  });

  test.each<[string, (files: readonly ClientFile[]) => readonly ClientFile[]]>([
    ["other times", (files) => files.map((file) => ({ ...file, modTime: 7n }))],
    ["another content of an ignored file", replaced("junk.log", { content: "other" })],
  ])("but not by %s", async (_what, change) => {
    const { daemon } = await theatreOf("plain");
    const client = new BuildClient(daemon);
    expect((await client.build(await client.connect(), withContext(PLAIN, change))).solve).toEqual(OK);
  });

  test("by another Dockerfile", async () => {
    const files = { ...PLAIN.files, dockerfile: [{ path: "Dockerfile", content: "FROM scratch\n" }] };
    const message = await refusalOf(await theatreOf("plain"), { ...PLAIN, files });
    expect(message).toContain("the Dockerfile is not the recorded one: Dockerfile differs in its content");
  });

  test("by another .dockerignore", async () => {
    const change = replaced(".dockerignore", { content: "*.txt\n" });
    const message = await refusalOf(await theatreOf("plain"), withContext(PLAIN, change));
    expect(message).toContain(".dockerignore differs in its content");
  });

  test("by many files, of which it names the first", async () => {
    const more = Array.from({ length: 20 }, (_, at) => ({ path: `src/n${at + 10}`, content: "" }));
    const message = await refusalOf(
      await theatreOf("plain"),
      withContext(PLAIN, (files) => [...files, ...more]),
    );
    expect(message).toContain("src/n10 is new");
    expect(message).toContain("and 12 more");
  });

  test("by an entry of a tar from stdin", async () => {
    const { sidecars } = await recordingOf("stdin");
    const tar = Buffer.from([...sidecars].find(([path]) => path.includes("upload"))?.[1] as Buffer);
    tar.write("F1", tar.indexOf("f1\n"));
    const message = await refusalOf(await theatreOf("stdin"), stdinOf(tar, "0123456789abcdefghijklmno"));
    expect(message).toContain("src/f1 differs in its content");
  });

  test("by a file that the daemon had and did not ask for, whose content an earlier build of the cassette sent", async () => {
    const later = piecesOf("cached").map((piece) => ({
      ...piece,
      connection: piece.connection + 100,
      at: piece.at + 1e6,
    }));
    const theatre = new BuildTheatre(await recordPieces([...piecesOf("plain"), ...later]));
    const client = new BuildClient(theatre.daemon);
    expect((await client.build(await client.connect(), PLAIN)).solve).toEqual(OK);
    const message = await refusalOf(theatre, withContext(PLAIN, replaced("src/f1", { content: "F1\n" })));
    expect(message).toContain("src/f1 differs in its content");
  });

  test("by the size of such a file where no build sent it; its content is not known", async () => {
    const change = (content: string) => withContext(PLAIN, replaced("src/f1", { content }));
    expect(await refusalOf(await theatreOf("cached"), change("longer\n"))).toContain("src/f1 differs in its content");
    const { daemon } = await theatreOf("cached");
    const client = new BuildClient(daemon);
    expect((await client.build(await client.connect(), change("F1\n"))).solve).toEqual(OK);
  });
});

describe("a build that asks for something else is refused", () => {
  test.each<[string, Partial<BuildRequest>, string]>([
    ["a tag", { solve: solveOf({ name: "demo:9" }) }, "build.name: recorded demo:1, got demo:9"],
    ["a target", { solve: solveOf({ name: "demo:1" }, { target: "zz" }) }, "build.target: recorded -, got zz"],
    [
      "an argument",
      { solve: solveOf({ name: "demo:1" }, { "build-arg:A": "1" }) },
      "build.build-arg:A: recorded -, got 1",
    ],
  ])("by %s", async (_what, change, text) => {
    const theatre = await theatreOf("plain");
    const message = await refusalOf(theatre, { ...PLAIN, ...change });
    expect(message).toBe(
      `whalesong: no recorded build answers this one: the nearest, at run.yaml:251, differs in ${text} [WHALESONG_NO_MATCH]`,
    );
    expect(theatre.report).toMatchObject({ missed: [{ target: "Control/Solve", message }], differing: [] });
  });

  test("by what it asks the frontend for", async () => {
    const frontend = frontendOf({ target: "zz" });
    const message = await refusalOf(await theatreOf("plain"), { ...PLAIN, frontend });
    expect(message).toContain("the build's options are not the recorded ones: build.target: recorded -, got zz");
  });

  test("when it was played already", async () => {
    const theatre = await theatreOf("plain");
    const client = new BuildClient(theatre.daemon);
    await client.build(await client.connect(), PLAIN);
    expect(await refusalOf(theatre, PLAIN)).toContain(
      "the one at run.yaml:251 was played already [WHALESONG_PLAYED_ALREADY]",
    );
  });

  test("but not by the commit that it was built from", async () => {
    const { daemon } = await theatreOf("plain");
    const client = new BuildClient(daemon);
    const vcs = { "vcs:revision": "0123abcd", "vcs:source": "https://example.com/x.git" };
    const request = { ...PLAIN, solve: solveOf({ name: "demo:1" }, vcs), frontend: frontendOf(vcs) };
    expect((await client.build(await client.connect(), request)).solve).toEqual(OK);
  });

  test("but not by a redacted value", async () => {
    const edit = (text: string): string =>
      text.replaceAll("image-resolve-mode: local", "image-resolve-mode: <redacted>");
    const { daemon } = await theatreOf("plain", { edit });
    const client = new BuildClient(daemon);
    const request = {
      ...PLAIN,
      solve: solveOf({ name: "demo:1" }, { "image-resolve-mode": "other" }),
      frontend: frontendOf({ "image-resolve-mode": "other" }),
    };
    expect((await client.build(await client.connect(), request)).solve).toEqual(OK);
  });
});

describe("rules reach into builds:", () => {
  const withRules = (rules: string) => (text: string) => text.replace("\n---\n", `\nignore: ${rules}\n---\n`);
  const OTHER_ARGUMENTS = {
    ...PLAIN,
    solve: solveOf({ name: "demo:9" }, { "build-arg:A": "1" }),
    frontend: frontendOf({ "build-arg:A": "1" }),
  };

  test.each<[string, BuildRequest, RegExp]>([
    ["[build.name, build.build-arg:A]", OTHER_ARGUMENTS, /^$/],
    ["[build.name]", OTHER_ARGUMENTS, /differs in build\.build-arg:A: recorded -, got 1 /],
    ["[tar.src/**]", withContext(PLAIN, replaced("src/f1", { content: "other\n" })), /^$/],
    ["[tar.src/f1]", withContext(PLAIN, replaced("src/f2", { content: "other\n" })), /src\/f2 differs/],
    ["[tar.src/f1]", withContext(PLAIN, (files) => files.filter(({ path }) => path !== "src/f1")), /^$/],
  ])("ignore: %s", async (rules, request, message) => {
    const theatre = await theatreOf("plain", { edit: withRules(rules) });
    const client = new BuildClient(theatre.daemon);
    const control = await client.connect();
    expect((await client.build(control, request)).solve.message).toMatch(message);
    control.destroy();
  });
});

test("an output that the recording lacks is refused when the client asks for it", async () => {
  const { text } = await recordingOf("local");
  expect(text).toMatch(/^ {2}- exported: .*tree/m);
  const theatre = await theatreOf("local", {
    edit: (whole) =>
      whole.replace(
        /^( {2}- exported: \{as: \w+), tree: \{[^}]*\}\}/m,
        "$1}\n    entries:\n      - {path: big, type: file, mode: 644, size: 70000}",
      ),
  });
  const client = new BuildClient(theatre.daemon);
  const { solve } = await client.build(await client.connect(), LOCAL);
  expect(solve.message).toContain("the recording has no content of big");
});

test("a cassette with a fault says so to the client, at once", async () => {
  const theatre = await theatreOf("plain", {
    edit: (text) => text.replace("  - call: LLBBridge/Return", "  - coll: LLBBridge/Return"),
  });
  const message = await refusalOf(theatre, PLAIN);
  expect(message).toMatch(/^whalesong: run\.yaml:\d+:5 .*coll/);
  expect(theatre.problems).toHaveLength(1);
});
