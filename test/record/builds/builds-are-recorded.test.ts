/** Raw bytes of builds of Docker CLI 28.5 and 20.10 go in; the documents are those in `__cassettes__/`. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { encodeBuildProgress, findFirstTime } from "../../../src/cassette/build/progress-message.ts";
import type { Exchange } from "../../../src/cassette/model.ts";
import { openCassette } from "../../../src/cassette/read.ts";
import { listSidecars } from "../../../src/cassette/sidecars.ts";
import { readTreeTar } from "../../../src/cassette/tree-tar.ts";
import { formatExchange } from "../../../src/cassette/write.ts";
import { type CaptureName, callsOf, readCapture } from "../../wire/buildkit/captures.ts";
import { type CapturedPiece, type RecordedCapture, readPieces, recordCapture, recordPieces } from "./record-capture.ts";

const CAPTURES = [
  ...(["plain", "failing", "secret", "local", "bake"] as const).map((name) => ({ name, folder: "wire" as const })),
  ...["cached", "cancelled", "stdin", "metadata", "reads", "look-back"].map((name) => ({
    name,
    folder: "here" as const,
  })),
  ...["c20-plain", "c20-failing", "c20-secret", "c20-local", "c20-tar"].map((name) => ({
    name,
    folder: "here" as const,
  })),
];

function readExchanges({ text }: RecordedCapture): readonly Exchange[] {
  return openCassette(Buffer.from(text), "run.yaml").entries.map((entry) => entry.readExchange());
}

/** Without what says nothing of builds, and is long. */
function withoutCommonDocuments(text: string): string {
  const documents = text.split(/^(?=---$)/m);
  return documents.filter((document) => !/^request: (?:HEAD|GET) |LLBBridge\/Ping/m.test(document)).join("");
}

describe.each(CAPTURES)("the build $name", ({ name, folder }) => {
  test("is recorded as its document says", async () => {
    const recorded = await recordCapture(name, folder);
    expect(recorded.problems).toEqual([]);
    expect(recorded.report).toMatchObject({ dropped: 0, truncated: 0 });
    const text = withoutCommonDocuments(recorded.text);
    await expect(text).toMatchFileSnapshot(join(import.meta.dirname, "__cassettes__", `${name}.yaml`));
  });

  test("is read back, and written again", async () => {
    const recorded = await recordCapture(name, folder);
    const withoutComments = recorded.text.replace(/^ *#.*\n/gm, "");
    const texts = readExchanges(recorded).map((exchange) => formatExchange(exchange));
    expect(texts.join("")).toBe(withoutComments.slice(withoutComments.indexOf("---\n")));
    const paths = readExchanges(recorded).flatMap((exchange) => listSidecars(exchange).map(({ path }) => path));
    expect(new Set(paths)).toEqual(new Set(recorded.sidecars.keys()));
  });

  test("has no id of its run, and no secret", async () => {
    const { text, sidecars } = await recordCapture(name, folder);
    const isOpaque = (path: string): boolean => path.includes("/llb-");
    const all = [
      text,
      ...[...sidecars].filter(([path]) => !isOpaque(path)).map(([, bytes]) => bytes.toString("latin1")),
    ];
    for (const part of all) {
      expect(part).not.toContain("canary-secret-value");
      expect(part).not.toContain(Buffer.from("canary-secret-value").toString("base64").slice(0, 24));
      expect(part).not.toContain("/stack.Stack");
    }
    const ids = [...text.matchAll(/(?<![a-z0-9])[a-z0-9]{25}(?![a-z0-9])/g)].map(([id]) => id);
    // Old builds are no part of the recording, and what has a digest stays as it is.
    expect(name === "reads" || name === "metadata" ? [] : ids).toEqual([]);
  });
});

test.each([
  { name: "c20-failing", folder: "here" },
  { name: "bake", folder: "wire" },
] as const)("$name is recorded the same if it comes byte by byte", async ({ name, folder }) => {
  const pieces = readPieces(name, folder);
  const whole = await recordPieces(pieces);
  const cut = await recordPieces(pieces.flatMap(toSingleBytes));
  expect(cut.text).toBe(whole.text);
  expect([...cut.sidecars.keys()]).toEqual([...whole.sidecars.keys()]);
});

function toSingleBytes(piece: CapturedPiece): CapturedPiece[] {
  const { bytes } = piece;
  if (bytes === undefined) return [piece];
  return [...bytes.keys()].map((at) => ({ ...piece, bytes: bytes.subarray(at, at + 1) }));
}

describe("progress", () => {
  test.each<CaptureName>(["plain", "failing", "secret", "local", "bake"])(
    "of %s encodes back to the bytes that passed",
    async (name) => {
      const recorded = await recordCapture(name, "wire");
      const messages = readCapture(name)
        .flatMap(callsOf)
        .filter(({ path }) => path === "/moby.buildkit.v1.Control/Status")
        .flatMap(({ events }) =>
          events.flatMap((event) => (event.kind === "message" && event.side === "daemon" ? [event.bytes] : [])),
        );
      const events = readExchanges(recorded).flatMap(({ build = [] }) => build);
      const progress = events.flatMap((event) => (event.kind === "progress" ? [event.progress] : []));
      expect(progress).toHaveLength(messages.length);
      const base = await findBase(messages, progress);
      const encoded = progress.map((one) => encodeBuildProgress(one, base).toString("base64"));
      expect(encoded.toSorted()).toEqual(messages.map((message) => message.toString("base64")).toSorted());
    },
  );

  /** The first time told: of the builds of a bake either may be first. */
  async function findBase(
    messages: readonly Buffer[],
    progress: readonly Parameters<typeof encodeBuildProgress>[0][],
  ): Promise<bigint> {
    const known = new Set(messages.map((message) => message.toString("base64")));
    const times = messages.flatMap((message) => findFirstTime(message) ?? []);
    const first = progress.find(({ steps }) => steps.some(({ started }) => started !== undefined)) ?? progress[0];
    const base = times.find(
      (time) => first !== undefined && known.has(encodeBuildProgress(first, time).toString("base64")),
    );
    return base ?? 0n;
  }
});

describe("files", () => {
  test("of a context stand in a tar as they were listed", async () => {
    const { text, sidecars } = await recordPieces(readPieces("plain", "wire"));
    const path = /tree: \{path: (run\/context-2-\w+\.tar)/.exec(text)?.[1] as string;
    const tar = sidecars.get(path) as Buffer;
    const files = await readTreeTar(toPieces(tar));
    const listed = files.map(({ stat, offset, size }) => [
      stat.path,
      (stat.mode & 0o777).toString(8),
      stat.modTime > 1_795_000_000_000_000_000n,
      tar.toString("utf8", offset, offset + size) || stat.linkname,
    ]);
    expect(listed).toEqual([
      ["app.txt", "644", true, "app\n"],
      ["src", "755", true, ""],
      ["src/f1", "644", true, "f1\n"],
      ["src/f2", "644", true, "f2 is longer\n"],
      ["src/link", "777", true, "f1"],
    ]);
  });

  test("that the daemon did not ask for are listed without their content", async () => {
    const exchanges = readExchanges(await recordPieces(readPieces("cached", "here")));
    const ends = exchanges.flatMap(({ build = [] }) => build.filter(({ kind }) => kind === "transferred"));
    expect(ends.at(-1)).toMatchObject({
      as: "context-2",
      content: {
        kind: "tree",
        entries: expect.arrayContaining([{ path: "app.txt", type: "file", mode: 0o644, size: 4 }]),
      },
    });
  });

  test("may be kept as digests", async () => {
    const recorded = await recordPieces(readPieces("plain", "wire"), { contexts: "digests" });
    expect([...recorded.sidecars.keys()].filter((path) => path.endsWith(".tar"))).toEqual([]);
    const ends = readExchanges(recorded).flatMap(({ build = [] }) =>
      build.filter(({ kind }) => kind === "transferred"),
    );
    expect(ends.at(-1)).toMatchObject({
      content: {
        entries: [
          { path: "app.txt", size: 4, sha256: createHash("sha256").update("app\n").digest("hex") },
          { path: "src", type: "directory" },
          { path: "src/f1" },
          { path: "src/f2" },
          { path: "src/link", type: "symlink", link: "f1" },
        ],
      },
    });
  });
});

async function* toPieces(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

test("files that come behind the answer's end are in the document", async () => {
  const pieces = readPieces("c20-local", "here");
  const late = pieces.findIndex(({ at }) => at > 270);
  const rest = pieces.slice(late);
  const isAnswer = ({ connection, side }: CapturedPiece): boolean => connection === 1 && side === "daemon";
  const moved = [
    ...pieces.slice(0, late),
    ...rest.filter((piece) => isAnswer(piece)),
    ...rest.filter((piece) => !isAnswer(piece)),
  ];
  const { text } = await recordPieces(moved.map((piece, at) => ({ ...piece, at })));
  expect(text).toMatch(/ {2}- exported: \{as: export, tree: .*\n(?: {2}- wait: .*\n)? {2}- end: response\n/);
});

describe("a build that is not whole", () => {
  const pieces = readPieces("plain", "wire");
  /** Where the client's files are under way. */
  const middle = pieces.findIndex(({ at }) => at > 533);

  test("is recorded as far as it came, if the recording stops", async () => {
    const { text, report } = await recordPieces(pieces.slice(0, middle));
    expect(report).toMatchObject({ truncated: 1, problem: undefined });
    expect(text.trimEnd().endsWith("\n  - cut")).toBe(true);
    expect(text).toContain("- sync: {as: context-2");
    expect(text).not.toContain("- synced: {as: context-2");
  });

  test("is recorded as far as it came, if its connections break in the middle of a frame", async () => {
    const broken = pieces
      .slice(0, middle)
      .map((piece, at) =>
        at < middle - 1 || piece.bytes === undefined ? piece : { ...piece, bytes: piece.bytes.subarray(0, 7) },
      );
    const ends = [8, 11].flatMap((connection) =>
      (["client", "daemon"] as const).map((side) => ({ connection, at: 540, side, bytes: undefined })),
    );
    const { text, problems } = await recordPieces([...broken, ...ends]);
    expect(problems).toEqual([]);
    expect(text).toContain("  - cancel: Control/Solve\n");
    expect(text).toMatch(/- synced: \{as: context-2.*problem: "it broke off"\}/);
  });

  test("is left out, with a reason, if its bytes cannot be read; all else is recorded", async () => {
    const index = pieces.findIndex(({ connection, side, at }) => connection === 11 && side === "client" && at > 400);
    const garbage = { ...(pieces[index] as CapturedPiece), bytes: Buffer.from("this is no frame of HTTP/2 at all") };
    const { text, problems, report } = await recordPieces(pieces.with(index, garbage));
    expect(report).toMatchObject({ dropped: 1 });
    expect(problems.map((problem) => (problem as Error).message)).toEqual([expect.stringContaining("HTTP/2")]);
    expect(text).not.toContain("build:\n");
    expect(text).toContain("GRPC /moby.buildkit.v1.Control/ListWorkers");
    expect(text).toContain("GET /v1.51/version");
  });
});
