/** A large sidecar is on the disk when its client has it; its digest and the name of its content come at the end. */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  closeSync,
  fstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import type { SidecarRef } from "../../src/cassette/sidecar-ref.ts";
import { walkSidecars } from "../../src/cassette/sidecars.ts";
import { systemClock } from "../../src/io/clock.ts";
import { createDiskStore, type DiskStore } from "../../src/io/disk/disk-store.ts";
import { openSidecar, readCassette } from "../../src/io/disk/read-cassette.ts";
import { SidecarDraft } from "../../src/io/disk/sidecar-draft.ts";
import { Recording } from "../../src/record/recording.ts";
import { bundleSource } from "../playbook/bundle-source.ts";
import { encodeHead, encodeJsonRequest, request } from "../playbook/http.ts";
import { share } from "../playbook/share.ts";
import { createCassettePath, HEADER, UNFINISHED } from "./recordings.ts";
import { catchError, createTemporaryFolder } from "./temporary.ts";

const MIB = 1024 * 1024;
const KIB = 1024;
const RECORD_A_LARGE_SIDECAR = fileURLToPath(new URL("./record-a-large-sidecar.mjs", import.meta.url));
const folderOfBundle = mkdtempSync(join(tmpdir(), "whalesong-store-"));
afterAll(() => rmSync(folderOfBundle, { recursive: true, force: true }));
const bundleStore = share(() => bundleSource("io/disk/disk-store.ts", folderOfBundle));

function createBytes(size: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(size);
  for (let at = 0, word = seed; at + 4 <= size; at += 4) {
    word = (Math.imul(word, 1_664_525) + 1_013_904_223) >>> 0;
    bytes.writeUInt32LE(word, at);
  }
  return bytes;
}

function digest(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

async function write(store: DiskStore, bytes: Buffer, pieceSize: number): Promise<SidecarRef> {
  const sidecar = store.sidecar();
  for (let at = 0; at < bytes.length; at += pieceSize) {
    sidecar.write(bytes.subarray(at, at + pieceSize));
    if (at % (3 * pieceSize) === 0) await nextTurn();
  }
  return sidecar.finish("big", ".tar");
}

describe("a sidecar is on the disk as it was written, and has its digest up to 1 MiB", () => {
  test.each([
    { size: MIB, pieceSize: 64 * KIB, hasDigest: true },
    { size: MIB + 1, pieceSize: 64 * KIB, hasDigest: false },
    { size: 3 * MIB + 77, pieceSize: 64 * KIB, hasDigest: false },
    { size: 3 * MIB, pieceSize: 1000, hasDigest: false },
    { size: 5 * MIB, pieceSize: 700 * KIB, hasDigest: false },
    { size: 5 * MIB, pieceSize: 5 * MIB, hasDigest: false },
  ])("$size bytes in pieces of $pieceSize", async ({ size, pieceSize, hasDigest }) => {
    const path = createCassettePath();
    const [store, bytes] = [createDiskStore(path), createBytes(size)];
    store.begin(UNFINISHED);
    const ref = await write(store, bytes, pieceSize);
    expect(readFileSync(join(dirname(path), ref.path)).equals(bytes)).toBe(true);
    expect(ref).toMatchObject({ size, path: expect.stringMatching(/^run\/big-(?:[0-9a-f]{8}){1,2}\.tar$/) });
    expect(ref.sha256).toBe(hasDigest ? digest(bytes) : undefined);
    store.discard();
  });

  test("what was written can be read before it is finished", () => {
    const [store, bytes] = [createDiskStore(createCassettePath()), createBytes(3 * MIB)];
    store.begin(UNFINISHED);
    const sidecar = store.sidecar();
    for (const half of [bytes.subarray(0, 2 * MIB), bytes.subarray(2 * MIB)]) sidecar.write(half);
    expect(Buffer.concat([...sidecar.pieces()]).equals(bytes)).toBe(true);
    sidecar.write(Buffer.from("more"));
    expect(
      Buffer.concat([...sidecar.pieces()])
        .subarray(-6)
        .toString("latin1"),
    ).toMatch(/more$/);
    store.discard();
  });
});

describe.runIf(process.platform === "linux")("a sidecar whose file fails", () => {
  test.each([100, 3 * MIB])("when %d bytes are written is closed and removed", (size) => {
    const path = join(createTemporaryFolder(), ".recording-1");
    symlinkSync("/dev/full", path);
    const draft = new SidecarDraft(path, () => "nowhere");
    expect(findOpenFile("/dev/full")).toBeDefined();
    expect(() => draft.write(createBytes(size))).toThrow(/cannot write `[^`]*recording-1`: .*the disk is full/);
    expect(findOpenFile("/dev/full")).toBeUndefined();
    expect(readdirSync(dirname(path))).toEqual([]);
    draft.discard();
  });

  test("when it is closed says so, and leaves the file alone that has its number by then", async () => {
    const path = createCassettePath();
    const store = createDiskStore(path);
    store.begin(UNFINISHED);
    const sidecar = store.sidecar();
    sidecar.write(Buffer.from("some bytes"));
    const fd = findOpenFile(join(dirname(path), "run/.recording-1")) as number;
    closeSync(fd);
    const error = await catchError(() => sidecar.finish("big", ".tar"));
    const other = openSync(path, "r");
    expect(other).toBe(fd);
    sidecar.discard();
    expect(fstatSync(other).isFile()).toBe(true);
    expect(error).toMatchObject({ code: "WHALESONG_DISK", message: expect.stringContaining(".recording-1") });
    closeSync(other);
    store.discard();
  });

  function findOpenFile(path: string): number | undefined {
    const isIt = (fd: string): boolean => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`) === path;
      } catch {
        return false;
      }
    };
    return readdirSync("/proc/self/fd").filter(isIt).map(Number)[0];
  }
});

describe("large sidecars that begin alike", () => {
  test("have names of their own until they get those of their content, and equal ones become one", async () => {
    const path = createCassettePath();
    const store = createDiskStore(path);
    store.begin(UNFINISHED);
    const contents = [1, 2, 1].map((end) => Buffer.concat([createBytes(2 * MIB), Buffer.from([end])]));
    const refs = await Promise.all(contents.map((bytes) => write(store, bytes, 64 * KIB)));
    expect(new Set(refs.map((ref) => ref.path)).size).toBe(3);
    const settled = refs.map((ref, at) => store.settle?.(ref, digest(contents[at] as Buffer)));
    expect(settled.map((ref) => ref?.path)).toEqual(
      contents.map((bytes) => `run/big-${digest(bytes).slice(0, 8)}.tar`),
    );
    expect(readdirSync(join(path, "../run"))).toHaveLength(5);
    const files = settled.map(
      (ref) =>
        `---\nrequest: GET /a\nresponse: {status: 200 OK, file: {path: ${ref?.path}, size: ${ref?.size}, sha256: "${ref?.sha256}"}}\n`,
    );
    store.finish(HEADER, files);
    expect(
      readdirSync(join(path, "../run"))
        .map((name) => `run/${name}`)
        .sort(),
    ).toEqual([...new Set(settled.map((ref) => ref?.path))].sort());
  });
});

describe("a recording with a large body", () => {
  function startRecording(path: string, mode: "record" | "append"): { recording: Recording; store: DiskStore } {
    const store = createDiskStore(path, { mode });
    const listSidecars = (): readonly SidecarRef[] => [...walkSidecars(readCassette(path).entries)];
    const warn = (problem: unknown): void => {
      throw problem;
    };
    const recorded = { at: "2026-11-29", by: "a test" };
    const options = { store, clock: systemClock, recorded, warn };
    if (mode === "record") return { store, recording: new Recording(options) };
    const previous = { header: readCassette(path).header, names: [], listSidecars };
    return { store, recording: new Recording({ ...options, previous }) };
  }

  async function exchange(recording: Recording, asked: string | Buffer, answer: readonly Buffer[]): Promise<void> {
    const conversation = recording.open();
    conversation.push("client", Buffer.from(asked));
    for (const bytes of answer) conversation.push("daemon", bytes);
    await new Promise<void>((resolve) => conversation.awaitDisk(resolve));
  }

  function encodeAnswer(type: string, { length }: Buffer): Buffer {
    return Buffer.from(encodeHead("HTTP/1.1 200 OK", [`Content-Type: ${type}`, `Content-Length: ${length}`]));
  }

  const readSidecarRefs = (path: string): SidecarRef[] => [...walkSidecars(readCassette(path).entries)];

  test.each([
    { what: "has its digest and the name of its content in the end", isKilled: false },
    { what: "that is killed has neither, can be read, and is completed by the next one", isKilled: true },
  ])("$what", async ({ isKilled }) => {
    const [path, bytes] = [createCassettePath(), createBytes(2 * MIB)];
    const { recording, store } = startRecording(path, "record");
    await exchange(recording, request("GET /v1.41/containers/big/export"), [
      encodeAnswer("application/x-tar", bytes),
      bytes,
    ]);
    const [unfinished] = readSidecarRefs(path);
    expect(unfinished).toEqual({ path: expect.stringMatching(/-[0-9a-f]{16}\.tar$/), size: bytes.length });
    const file = openSidecar(path, unfinished as SidecarRef);
    await file.verify();
    await expect(file.requireDigest()).rejects.toMatchObject({
      code: "WHALESONG_SIDECAR_DIGEST",
      message: expect.stringContaining(`write \`sha256: "${digest(bytes)}"\` behind its size`),
    });
    if (isKilled) store.release();
    await (isKilled ? startRecording(path, "append").recording : recording).finish();
    const [finished] = readSidecarRefs(path);
    const name = unfinished?.path.replace(/[0-9a-f]{16}/, digest(bytes).slice(0, 8));
    expect(finished).toEqual({ path: name, size: bytes.length, sha256: digest(bytes) });
    expect(readdirSync(join(path, "../run"))).toHaveLength(1);
    await openSidecar(path, finished as SidecarRef).verify();
  });

  test.each([
    { what: "", blanks: MIB, isShared: false },
    { what: " in a folder that it shares with `run.yml`", blanks: MIB, isShared: true },
    { what: " in such a folder, and small", blanks: 64 * KIB, isShared: true },
  ])("has no secret in the end that became known late$what", async ({ blanks, isShared }) => {
    const [path, secret] = [createCassettePath(), "late-4d6a8c0e-x"];
    if (isShared) writeFileSync(path.replace(/yaml$/, "yml"), HEADER);
    const { recording } = startRecording(path, "record");
    const text = Buffer.from(`${"x ".repeat(blanks)}${secret}\n`);
    await exchange(recording, request("GET /v1.41/containers/web/archive?path=/"), [
      encodeAnswer("application/octet-stream", text),
      text,
    ]);
    const created = Buffer.from("{}\n");
    await exchange(recording, encodeJsonRequest("POST /v1.41/containers/create", { Env: [`DB_PASSWORD=${secret}`] }), [
      encodeAnswer("application/json", created),
      created,
    ]);
    expect(await recording.finish()).toMatchObject({ exchanges: 2, problem: undefined, isKept: true });
    const [ref] = readSidecarRefs(path);
    const bytes = await openSidecar(path, ref as SidecarRef).readAll();
    expect([bytes.length, bytes.includes(secret), digest(bytes)]).toEqual([text.length, false, ref?.sha256]);
    expect(ref?.path).toContain(`-${ref?.sha256?.slice(0, 8)}.`);
    expect(readdirSync(join(path, "../run"))).toHaveLength(1);
  });
});

describe("a recorder in a process of its own", () => {
  test("that is killed when a document is written has its large sidecar whole", async () => {
    const path = createCassettePath();
    const child = spawn(process.execPath, [RECORD_A_LARGE_SIDECAR, await bundleStore(), path, String(5 * MIB)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const exited = new Promise((resolve) => child.once("exit", resolve));
    let told = "";
    for await (const words of child.stdout) {
      told += String(words);
      child.kill("SIGKILL");
    }
    await exited;
    expect(told).toBe("finished\n");
    const [ref] = walkSidecars(readCassette(path).entries);
    const bytes = await openSidecar(path, ref as SidecarRef).readAll();
    const pieces = Array.from({ length: 80 }, (_, count) => Buffer.alloc(65_536, count));
    expect(bytes.equals(Buffer.concat(pieces))).toBe(true);
  });

  test.runIf(process.platform === "linux").each([2, 4, 5])(
    "that has room for %d MiB says that the disk is full, before its client has the end",
    async (room) => {
      const path = createCassettePath();
      const words = [process.execPath, RECORD_A_LARGE_SIDECAR, await bundleStore(), path, String(5 * MIB + 10)];
      const script = `ulimit -f ${(room * MIB) / 512}; exec "$0" "$@"`;
      const { stdout } = spawnSync("sh", ["-c", script, ...words]);
      expect(String(stdout)).toMatch(/^WHALESONG_DISK: cannot write `.*\.recording-1`: .*too large/i);
      expect(statSync(path).size).toBe(UNFINISHED.length);
    },
  );
});
