import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { createDiskStore } from "../../src/io/disk/disk-store.ts";
import { readCassette } from "../../src/io/disk/read-cassette.ts";
import type { RecordingStore } from "../../src/record/store.ts";
import { bundleSource } from "../playbook/bundle-source.ts";
import { measureHeldMemory } from "../playbook/held-memory.ts";
import { share } from "../playbook/share.ts";
import { A, B, C, createCassettePath, createExisting, exchange, HEADER, read, UNFINISHED } from "./recordings.ts";
import { catchError, createTemporaryFolder, PATIENTLY } from "./temporary.ts";

const RECORD_UNTIL_KILLED = fileURLToPath(new URL("./record-until-killed.mjs", import.meta.url));
const folderOfBundle = mkdtempSync(join(tmpdir(), "whalesong-store-"));
afterAll(() => rmSync(folderOfBundle, { recursive: true, force: true }));

const bundleStore = share(() => bundleSource("io/disk/disk-store.ts", folderOfBundle));

describe("a new cassette", () => {
  test("grows in its own place, and ends in the requested order", () => {
    const path = createCassettePath();
    const store = createDiskStore(path);
    expect(existsSync(path)).toBe(false);
    store.begin(UNFINISHED);
    expect([A, B, C].map((text) => store.append([text]))).toEqual([0, 1, 2]);
    expect(read(path)).toBe(UNFINISHED + A + B + C);
    store.finish(HEADER, [2, 0]);
    expect(read(path)).toBe(HEADER + C + A);
    expect(readdirSync(join(path, ".."))).toEqual(["run.yaml"]);
  });

  test("that is discarded leaves no folder that it made, unless something else lies in it by then", () => {
    const folder = createTemporaryFolder();
    const make = (): RecordingStore => createDiskStore(join(folder, "a/b/run.yaml"));
    make().discard();
    expect(readdirSync(folder)).toEqual([]);
    const store = make();
    store.begin(UNFINISHED);
    writeFileSync(join(folder, "a/mine"), "");
    store.discard();
    expect(readdirSync(join(folder, "a"))).toEqual(["mine"]);
  });

  test.each([
    ["of one process", () => undefined],
    // As another worker of the test runner does.
    ["of two processes", (folder: string) => mkdirSync(join(folder, "__cassettes__"))],
  ])("%s, beside another: the last one to be discarded removes the folder", (_whose, prepare) => {
    const folder = createTemporaryFolder();
    prepare(folder);
    const stores = ["one", "two"].map((name) => createDiskStore(join(folder, `__cassettes__/jobs/${name}.yaml`)));
    for (const store of stores) store.discard();
    expect(readdirSync(folder)).toEqual([]);
  });

  test("may begin again until the first document", () => {
    const path = createCassettePath();
    const store = createDiskStore(path);
    store.begin(`${UNFINISHED}every-response: {Server: a-rather-long-one}\n`);
    store.begin(UNFINISHED);
    expect(read(path)).toBe(UNFINISHED);
    store.append([A]);
    expect(() => store.begin(HEADER)).toThrow("documents follow");
    store.finish(HEADER, [0]);
  });

  test("takes a document in pieces of any kind, and adds the marker and the last line end if they are missing", () => {
    const path = createCassettePath();
    const store = createDiskStore(path);
    store.begin(HEADER);
    store.append(["", Buffer.from("request: GET"), " /é\n", Buffer.from("response: 200 OK")]);
    store.append(["---", "\nrequest: GET /b\nresponse: 200 OK\n", ""]);
    store.finish(HEADER, [0, 1]);
    expect(read(path)).toBe(`${HEADER}${exchange("/é")}${B}`);
  });

  test("has a document in the text that it has in the end, and tells its text until then", () => {
    const path = createCassettePath();
    const store = createDiskStore(path);
    store.begin(HEADER);
    for (const text of [A, B]) store.append([text]);
    expect([0, 1].map((number) => store.readDocument(number))).toEqual([A, B]);
    store.finish(HEADER, [1, "# mine\nrequest: GET /a\nresponse: 200 OK"]);
    expect(read(path)).toBe(`${HEADER}${B}---\n# mine\nrequest: GET /a\nresponse: 200 OK\n`);
  });

  test("may have no exchanges at all", () => {
    const path = createCassettePath();
    createDiskStore(path).finish(HEADER, []);
    expect(read(path)).toBe(HEADER);
  });

  test("gets the folders it needs, and the usual permissions", () => {
    const path = join(createTemporaryFolder(), "deep", "er", "run.yaml");
    const before = process.umask(0o027);
    onTestFinished(() => void process.umask(before));
    createDiskStore(path).finish(HEADER, []);
    expect(statSync(path).mode & 0o777).toBe(0o640);
  });

  test("is not held in memory", async () => {
    const path = createCassettePath();
    const store = createDiskStore(path);
    store.begin(HEADER);
    const line = `    ${"x".repeat(1019)}\n`;
    function* large(): Generator<string> {
      yield "---\nrequest: GET /large\nresponse:\n  status: 200 OK\n  text: |\n";
      for (let count = 0; count < 2048; count += 1) yield line;
    }
    const limit = (await measureHeldMemory()) + 8 * 1024 * 1024;
    for (let count = 0; count < 24; count += 1) store.append(large());
    expect(await measureHeldMemory(limit)).toBeLessThan(limit);
    store.finish(HEADER, [...Array(24).keys()]);
    expect(statSync(path).size).toBeGreaterThan(48 * 1024 * 1024);
    expect(await measureHeldMemory(limit)).toBeLessThan(limit);
  });
});

describe("a cassette that was there before", () => {
  test("stays whole until the new one is, and keeps its permissions", () => {
    const path = createExisting(HEADER + A);
    chmodSync(path, 0o600);
    const store = createDiskStore(path);
    store.begin(UNFINISHED);
    store.append([B]);
    expect([read(path), read(`${path}.recording`)]).toEqual([HEADER + A, UNFINISHED + B]);
    store.finish(HEADER, [0]);
    expect(read(path)).toBe(HEADER + B);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(path, ".."))).toEqual(["run.yaml"]);
  });

  const preamble = "# a comment\n---\n# another\nwhalesong: 1\nignore: [query.t]\n";
  test.each([
    ["as it was", HEADER, A + B, A + B],
    ["below comments and a marker of its own", preamble, A, A],
    ["with comments and blank lines", HEADER, `${A}\n# a remark\n\n${B}`, `${A}\n# a remark\n\n${B}`],
    ["without what was torn when a recorder died", UNFINISHED, `${A}---\nrequest: GE`, A],
    ["without what was torn at a line's end", UNFINISHED, `${A}---\nrequest: GET /x\n`, A],
    ["though it has no exchanges", HEADER, "", ""],
  ])("is appended to %s", (_, header, documents, kept) => {
    const path = createExisting(header + documents);
    const store = createDiskStore(path, { mode: "append" });
    store.begin(UNFINISHED);
    expect(store.append([C])).toBe(0);
    expect([read(path), read(`${path}.recording`)]).toEqual([header + documents, UNFINISHED + kept + C]);
    store.finish(HEADER, [0]);
    expect(read(path)).toBe(HEADER + kept + C);
    expect(readCassette(path).entries.length).toBe(kept.split("request:").length);
  });

  test("that is missing is appended to as if it were empty", () => {
    const path = createCassettePath();
    const store = createDiskStore(path, { mode: "append" });
    store.begin(UNFINISHED);
    store.append([A]);
    expect(read(path)).toBe(UNFINISHED + A);
    store.finish(HEADER, [0]);
    expect(read(path)).toBe(HEADER + A);
  });

  test("that cannot be read is not appended to, and stays as it is", async () => {
    const path = createExisting("hello: world\n");
    const store = createDiskStore(path, { mode: "append" });
    const error = await catchError(() => store.begin(UNFINISHED));
    expect(error.name).toBe("CassetteError");
    expect(read(path)).toBe("hello: world\n");
    expect(readdirSync(join(path, ".."))).toEqual(["run.yaml"]);
  });
});

describe("two recorders", () => {
  function open(path: string): RecordingStore {
    const store = createDiskStore(path);
    store.begin(UNFINISHED);
    return store;
  }

  test("cannot record the same cassette at once", async () => {
    const path = createCassettePath();
    const first = open(path);
    const error = await catchError(() => createDiskStore(path));
    expect(error).toMatchObject({ code: "WHALESONG_CASSETTE_LOCKED", name: "EnvironmentError" });
    expect(error.message).toContain(`process ${process.pid}`);
    expect(error.message).toContain(`${path}.lock`);
    first.append([A]);
    first.finish(HEADER, [0]);
    open(path).finish(HEADER, []);
  });

  test("may follow one another although the first was killed", () => {
    const path = createCassettePath();
    const dead = spawnSync("true").pid;
    writeFileSync(`${path}.lock`, `${dead} 1\n`);
    open(path).finish(HEADER, []);
    expect(readdirSync(join(path, ".."))).toEqual(["run.yaml"]);
  });

  test.runIf(process.platform === "linux")("are told apart though they have the same pid", () => {
    const path = createCassettePath();
    writeFileSync(`${path}.lock`, `${process.pid} 1\n`);
    open(path).finish(HEADER, []);
  });

  test.runIf(process.platform === "linux")("may follow one another although nobody has buried the first", async () => {
    const path = createCassettePath();
    // The child dies once its parent, a shell, has become a program that never waits for it.
    const parent = spawn(
      "sh",
      ["-c", `sh -c 'while grep -q "^Name:.*sh" /proc/$PPID/status; do :; done' & echo $!; exec sleep 60`],
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    onTestFinished(() => void parent.kill("SIGKILL"));
    const [told] = await once(parent.stdout, "data");
    const pid = String(told).trim();
    await expect.poll(() => readFileSync(`/proc/${pid}/stat`, "latin1"), PATIENTLY).toContain(") Z ");
    writeFileSync(`${path}.lock`, `${pid} ${readFileSync(`/proc/${pid}/stat`, "latin1").split(" ")[21]}\n`);
    open(path).finish(HEADER, []);
  });

  test.each(["", "no pid\n", "-1 0\n"])("are not stopped by a lock with the text %j", (text) => {
    const path = createCassettePath();
    writeFileSync(`${path}.lock`, text);
    open(path).finish(HEADER, []);
  });
});

describe("a recorder that is killed", () => {
  /** Records without end in another process, until it has told of `count` documents. */
  async function killedRecorder(path: string, mode: "record" | "append", count: number): Promise<void> {
    const words = [RECORD_UNTIL_KILLED, await bundleStore(), path, mode];
    const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
    const exited = new Promise((resolve) => child.once("exit", resolve));
    let told = "";
    for await (const bytes of child.stdout) {
      told += String(bytes);
      if (told.split("\n").length > count) child.kill("SIGKILL");
    }
    await exited;
  }

  test("leaves a cassette that can be read, and can be appended to", async () => {
    const path = createCassettePath();
    await killedRecorder(path, "record", 20);
    const { header, entries } = readCassette(path);
    expect(header.isUnfinished).toBe(true);
    expect(entries.length).toBeGreaterThanOrEqual(20);
    const store = createDiskStore(path, { mode: "append" });
    store.begin(UNFINISHED);
    store.append([C]);
    store.finish(HEADER, [0]);
    expect(readCassette(path).entries.length).toBe(entries.length + 1);
    expect(readdirSync(join(path, ".."))).toEqual(["run.yaml"]);
  });

  test("leaves the cassette there was as it was", async () => {
    const path = createExisting(HEADER + A);
    await killedRecorder(path, "append", 20);
    expect(read(path)).toBe(HEADER + A);
    expect(readCassette(`${path}.recording`).entries.length).toBeGreaterThanOrEqual(21);
    createDiskStore(path).finish(HEADER, []);
    expect(readdirSync(join(path, ".."))).toEqual(["run.yaml"]);
  });
});

describe("what the disk refuses is explained", () => {
  test("a folder where the cassette should be", async () => {
    const error = await catchError(() => createDiskStore(createTemporaryFolder()));
    expect(error).toMatchObject({ code: "WHALESONG_NOT_A_FILE", name: "UsageError" });
  });

  test("a file where a folder should be", async () => {
    const error = await catchError(() => createDiskStore(join(createExisting(HEADER), "run.yaml")));
    expect(error).toMatchObject({ code: "WHALESONG_DISK", name: "EnvironmentError" });
    expect(error.message).toContain("choose another place");
  });

  test.skipIf(process.platform === "win32")(
    "a disk that takes no more keeps the cassette as it was, and says what is kept",
    async () => {
      const path = createExisting(HEADER + A);
      const words = [process.execPath, RECORD_UNTIL_KILLED, await bundleStore(), path, "record"];
      const limited = spawnSync("sh", ["-c", `ulimit -f 8; exec "$0" "$@"`, ...words]);
      expect(`${limited.stderr}`).toContain("WHALESONG_DISK");
      expect(read(path)).toBe(HEADER + A);
      expect(readCassette(`${path}.recording`).entries.length).toBeGreaterThan(0);
    },
  );

  test("a store that was finished takes no more", async () => {
    const store = createDiskStore(createCassettePath());
    store.finish(HEADER, []);
    for (const use of [() => store.append([A]), () => store.begin(HEADER), () => store.sidecar()]) {
      expect((await catchError(use)).code).toBe("WHALESONG_STORE_FINISHED");
    }
  });
});
