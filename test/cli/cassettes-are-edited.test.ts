/** `whalesong edit`: golden cassettes are cut, joined and respelled, and mean what they should afterwards. */
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkCassette } from "../../src/cassette/check.ts";
import type { Exchange } from "../../src/cassette/model.ts";
import { listSidecars } from "../../src/cassette/sidecars.ts";
import { openSidecar, readCassette } from "../../src/io/disk/read-cassette.ts";
import { createTemporaryFolder } from "../io/temporary.ts";
import { runInProcess } from "./run-in-process.ts";

const GOLDEN = join(import.meta.dirname, "../../cassettes");
const ALL = readdirSync(GOLDEN).filter((name) => name.endsWith(".yaml"));

/** Copies of golden cassettes in a new folder. */
function copyOf(...names: readonly string[]): { readonly folder: string; readonly paths: readonly string[] } {
  const folder = createTemporaryFolder();
  for (const name of names) {
    cpSync(join(GOLDEN, name), join(folder, name));
    const sidecars = join(GOLDEN, name.replace(".yaml", ""));
    if (existsSync(sidecars)) cpSync(sidecars, join(folder, name.replace(".yaml", "")), { recursive: true });
  }
  return { folder, paths: names.map((name) => join(folder, name)) };
}

async function edit(...words: readonly string[]): Promise<void> {
  expect(await runInProcess("edit", ...words)).toMatchObject({ status: 0 });
}

/** The requests, after a check that the cassette and its sidecars are whole. */
async function requestsOf(path: string): Promise<readonly string[]> {
  const cassette = readCassette(path);
  expect(checkCassette(cassette)).toEqual([]);
  for (const entry of cassette.entries) {
    for (const ref of listSidecars(entry.readExchange())) await openSidecar(path, ref).verify();
  }
  return cassette.entries.map(({ method, target }) => `${method} ${target}`);
}

test.each(ALL)("%s: split and merged again, it has the same requests", async (name) => {
  const { folder, paths } = copyOf(name);
  const [path = ""] = paths;
  const all = await requestsOf(path);
  if (all.length < 2) return;
  const tail = join(folder, "tail.yaml");
  const from = Math.ceil(all.length / 2) + 1;
  await edit("split", path, `${from}-${all.length}`, "-o", tail);
  expect([...(await requestsOf(path)), ...(await requestsOf(tail))]).toEqual(all);
  await edit("merge", path, tail);
  expect(await requestsOf(path)).toEqual(all);
});

test.each(ALL)("%s: fmt changes no meaning, and nothing at the second time", async (name) => {
  const [path = ""] = copyOf(name).paths;
  const exchanges = (): readonly unknown[] => readCassette(path).entries.map((entry) => entry.readExchange());
  const before = exchanges();
  await edit("fmt", path);
  expect(exchanges()).toEqual(before);
  const once = readFileSync(path, "utf8");
  await edit("fmt", path);
  expect(readFileSync(path, "utf8")).toBe(once);
});

test("fmt spells a cassette of a person as a recorder does, and keeps documents with comments", async () => {
  const path = join(createTemporaryFolder(), "a.yaml");
  const own = '---\n# mine\nrequest: GET /_ping\nresponse: {status: "200 OK"}\n';
  writeFileSync(
    path,
    `# above\nwhalesong:   1\n---\nrequest: "GET /version"\nresponse: {status: 200 OK, text: "a"}\n${own}`,
  );
  await edit("fmt", path);
  expect(readFileSync(path, "utf8")).toBe(
    `# above\nwhalesong: 1\n---\nrequest: GET /version\nresponse:\n  status: 200 OK\n  text: "a"\n${own}`,
  );
});

test("keep and drop leave out what refers to what is gone, and sidecars that no one refers to", async () => {
  const { folder, paths } = copyOf("wait-and-kill.yaml", "build.yaml");
  const [waits = "", build = ""] = paths;
  const all = await requestsOf(waits);
  await edit("drop", waits, "1-2", "-o", join(folder, "rest.yaml"));
  expect(await requestsOf(join(folder, "rest.yaml"))).toEqual(all.slice(2));
  expect(await requestsOf(waits)).toEqual(all);
  await edit("keep", build, "1");
  expect(await requestsOf(build)).toHaveLength(1);
  expect(existsSync(join(folder, "build"))).toBe(false);
});

test("what is left replays", async () => {
  const [path = ""] = copyOf("ping.yaml").paths;
  const requests = await requestsOf(path);
  await edit("keep", path, "1");
  const get =
    "require('node:http').get({ socketPath: process.env.DOCKER_HOST.slice(7), path: '/_ping' }, (r) => r.resume())";
  expect(requests[0]).toContain("/_ping");
  const script = get.replace("get(", "request(").replace("path:", `method: '${requests[0]?.split(" ")[0]}', path:`);
  const command = `${script}.end()`;
  expect(await runInProcess("replay", path, "--", process.execPath, "-e", command)).toMatchObject({ status: 0 });
});

test("merge gives each of several cassettes names of its own", async () => {
  const { folder, paths } = copyOf("wait-and-kill.yaml");
  const [path = ""] = paths;
  const twins = ["second.yaml", "third.yaml"].map((name) => join(folder, name));
  for (const twin of twins) cpSync(path, twin);
  const all = await requestsOf(path);
  await edit("merge", path, ...twins);
  expect(await requestsOf(path)).toEqual([...all, ...all, ...all]);
});

test("what stands above the first exchange stays as it is", async () => {
  const path = join(createTemporaryFolder(), "commented.yaml");
  const lead = "# why it is here\n---\n# the header\nwhalesong: 1 # format\n";
  writeFileSync(
    path,
    `${lead}---\nrequest: GET /_ping\nresponse: none\n--- # last\nrequest: GET /info\nresponse: none\n`,
  );
  await edit("drop", path, "1");
  expect(readFileSync(path, "utf8")).toBe(`${lead}---\nrequest: GET /info\nresponse: none\n`);
  await edit("fmt", path);
  expect(readFileSync(path, "utf8")).toBe(`${lead.replace(" # format", "")}---\nrequest: GET /info\nresponse: none\n`);
});

test("merge gives a number to names that both have, and refuses another daemon", async () => {
  const { folder, paths } = copyOf("wait-and-kill.yaml", "exec-tty.yaml");
  const [path = ""] = paths;
  const all = await requestsOf(path);
  cpSync(path, join(folder, "twin.yaml"));
  await edit("merge", path, join(folder, "twin.yaml"), "-o", join(folder, "both.yaml"));
  expect(await requestsOf(join(folder, "both.yaml"))).toEqual([...all, ...all]);
  const names = readCassette(join(folder, "both.yaml")).entries.flatMap(({ name }) => name ?? []);
  expect(new Set(names).size).toBe(names.length);
  const foreign = join(folder, "of podman.yaml");
  writeFileSync(foreign, "whalesong: 1\nevery-response:\n  Server: podman\n---\nrequest: GET /_ping\nresponse: none\n");
  const { stderr } = await runInProcess("edit", "merge", path, foreign);
  expect(stderr).toContain(`whalesong replay ${path} '${foreign}' [WHALESONG_CANNOT_MERGE]`);
  expect(await requestsOf(path)).toEqual(all);
});

test("rename takes the sidecars along", async () => {
  const { folder, paths } = copyOf("build.yaml");
  const [path = ""] = paths;
  const all = await requestsOf(path);
  await edit("rename", path, join(folder, "image.yaml"));
  expect(await requestsOf(join(folder, "image.yaml"))).toEqual(all);
  expect(readdirSync(folder).sort()).toEqual(["image", "image.yaml"]);
  const old = readFileSync(join(GOLDEN, "build.yaml"), "utf8");
  expect(readFileSync(join(folder, "image.yaml"), "utf8")).toBe(
    old.replaceAll("build/", "image/").replaceAll("/image/", "/build/"),
  );
});

/** `run.yaml` and `run.yml` have one folder of sidecars; a cassette without an ending has one of its own. */
test.each([
  ["build.yaml", "build.yml"],
  ["build.yml", "build.yaml"],
  ["build.yaml", "plain"],
  ["plain", "build.yml"],
])("rename of %s to %s loses no sidecar, nor does an edit after it", async (from, to) => {
  const { folder, paths } = copyOf("build.yaml");
  const [path = ""] = paths;
  const requests = await requestsOf(path);
  const [old, fresh] = [join(folder, from), join(folder, to)] as const;
  if (old !== path) await edit("rename", path, old);
  await edit("rename", old, fresh);
  expect(existsSync(old)).toBe(false);
  expect(await requestsOf(fresh)).toEqual(requests);
  await edit("fmt", fresh);
  expect(await requestsOf(fresh)).toEqual(requests);
});

test.each(["drop", "rename"])("%s leaves sidecars that a cassette of the same folder has, too", async (action) => {
  const { folder, paths } = copyOf("build.yaml");
  const [path = ""] = paths;
  const requests = await requestsOf(path);
  const twin = join(folder, "build.yml");
  await edit("fmt", path, "-o", twin);
  await edit(action, twin, action === "drop" ? `1-${requests.length}` : join(folder, "other.yaml"));
  expect(await requestsOf(path)).toEqual(requests);
});

test("edit and check count a sidecar of two exchanges once", async () => {
  const [path = ""] = copyOf("build.yaml").paths;
  await edit("fmt", path, "-o", path.replace(/yaml$/, "yml"));
  const { stderr } = await runInProcess("edit", "merge", path, path.replace(/yaml$/, "yml"));
  const references = readCassette(path).entries.flatMap((entry) => listSidecars(entry.readExchange()));
  const files = new Set(references.map((ref) => ref.path)).size;
  expect(references.length).toBeGreaterThan(files);
  expect(stderr).toContain(`, ${files} sidecar`);
  expect((await runInProcess("check", path)).stderr).toContain(`, ${files} sidecar`);
});

test("retime scales waits, and keeps comments", async () => {
  const path = join(createTemporaryFolder(), "a.yaml");
  const text = (waits: readonly string[]): string =>
    `whalesong: 1\n---\nrequest: POST /containers/a/attach?stream=1\nresponse:\n  status: 200 OK\nstream:\n${waits.map((wait) => `  - wait: ${wait}  # here\n  - stdout: "x"\n`).join("")}`;
  writeFileSync(path, text(["400ms", "10s"]));
  await edit("retime", path, "--tempo", "2x", "--max-wait", "1s");
  expect(readFileSync(path, "utf8")).toBe(text(["200ms", "1s"]));
  await edit("retime", path, "--tempo", "none");
  expect(readFileSync(path, "utf8")).not.toContain("wait:");
});

test("embed puts the bodies of sidecars into the cassette", async () => {
  const { folder, paths } = copyOf("build.yaml");
  const [path = ""] = paths;
  const all = await requestsOf(path);
  const bodies = readCassette(path).entries.map((entry) => entry.readExchange().request.body);
  expect(bodies.some((body) => body !== undefined && !Buffer.isBuffer(body))).toBe(true);
  await edit("embed", path);
  expect(await requestsOf(path)).toEqual(all);
  expect(readCassette(path).entries.flatMap((entry) => listSidecars(entry.readExchange()))).toEqual([]);
  expect(readdirSync(folder)).toEqual(["build.yaml"]);
});

test.each(["cp.yaml", "build.yaml"])("show lists the tars of %s that embed has put into it", async (name) => {
  const [path = ""] = copyOf(name).paths;
  const show = async (): Promise<string> => (await runInProcess("show", path)).stdout;
  const before = await show();
  expect(before).toMatch(/^ +\d+ tar +-rw-r--r-- /m);
  await edit("embed", path);
  expect(await show()).toBe(before);
  expect((await runInProcess("show", path, "-v")).stdout).not.toContain("\\u0000");
});

test("embed says which sidecars stay files, and why", async () => {
  const { paths } = copyOf("build-buildkit.yaml");
  const [path = ""] = paths;
  const { status, stderr } = await runInProcess("edit", "embed", path);
  expect(status).toBe(0);
  const why = "stays a file: it belongs to a build by BuildKit, which is compared part by part";
  const [, ...lines] = stderr.trimEnd().split("\n");
  const sidecars = readCassette(path).entries.flatMap((entry) => listSidecars(entry.readExchange()));
  expect(sidecars.length).toBeGreaterThan(1);
  expect(lines).toEqual([...new Set(sidecars.map((sidecar) => `  ${sidecar.path} ${why}`))]);
});

test("embed leaves a body of more than 4 MiB beside the cassette, and says so", async () => {
  const folder = createTemporaryFolder();
  const path = join(folder, "big.yaml");
  const content = Buffer.alloc(4 * 1024 * 1024 + 1);
  const sha256 = createHash("sha256").update(content).digest("hex");
  mkdirSync(join(folder, "big"));
  writeFileSync(join(folder, "big/body-12345678"), content);
  writeFileSync(
    path,
    `whalesong: 1\n---\nrequest: GET /v1.41/images/a/get\nresponse:\n  status: 200 OK\n  file: {path: big/body-12345678, size: ${content.length}, sha256: "${sha256}"}\n`,
  );
  const { stderr } = await runInProcess("edit", "embed", path);
  expect(stderr).toContain("1 sidecar\n  big/body-12345678 stays a file: it is larger than 4 MiB\n");
});

test("embed puts files of streams and of input into the cassette, and the bytes stay the same", async () => {
  const folder = createTemporaryFolder();
  const path = join(folder, "run.yaml");
  const [output, input] = ["\x01\x00\x00\x00\x00\x00\x00\x02hi", "typed\n"];
  const refer = (name: string, content: string): string => {
    mkdirSync(join(folder, "run"), { recursive: true });
    writeFileSync(join(folder, "run", name), content);
    const sha256 = createHash("sha256").update(content).digest("hex");
    return `{path: run/${name}, size: ${content.length}, sha256: "${sha256}"}`;
  };
  writeFileSync(
    path,
    `whalesong: 1\n---\nrequest: POST /v1.41/containers/web/attach?stream=1&stdin=1&stdout=1\nresponse:\n  status: 101 UPGRADED\n  head:\n    - "Connection: Upgrade"\n    - "Upgrade: tcp"\nstream:\n  - stdin: {file: ${refer("in-12345678", input)}}\n  - file: ${refer("out-12345678", output)}\n`,
  );
  await edit("embed", path);
  const [entry] = readCassette(path).entries;
  expect(listSidecars(entry?.readExchange() as Exchange)).toEqual([]);
  expect(entry?.readExchange().stream).toMatchObject([
    { kind: "stdin", content: Buffer.from(input) },
    { kind: "bytes", isTty: false, bytes: Buffer.from(output) },
  ]);
  expect(readdirSync(folder)).toEqual(["run.yaml"]);
});

test.each([
  [["keep", "ping.yaml"], "keep needs exchanges"],
  [["fmt", "ping.yaml", "1"], "fmt has no operands"],
  [["split", "ping.yaml", "1"], "split needs --output"],
  [["keep", "ping.yaml", "99"], "there is no exchange `99`"],
  [["drop", "ping.yaml", "1-999"], "there are not all of the exchanges `1-999`"],
  [["keep", "ping.yaml", "1,1-999"], "there are not all of the exchanges `1-999`"],
  [["keep", "ping.yaml", "0-1"], "there are not all of the exchanges `0-1`"],
  [["drop", "ping.yaml", "1", "0"], "there is no exchange `0`"],
  [["drop", "ping.yaml", "2-1"], "ends before it begins"],
  [["drop", "ping.yaml", "1-"], "there is no exchange `1-`"],
  [["split", "ping.yaml", "1-999", "-o", "tail.yaml"], "there are not all of the exchanges `1-999`"],
  [["split", "ping.yaml", "1-COUNT", "-o", "tail.yaml"], "would leave"],
  [["merge", "ping.yaml", "ping.yaml", "-o", "ping.yaml"], "exists already"],
  [["retime", "ping.yaml"], "retime needs `--tempo`, `--max-wait` or both"],
  [["fmt", "ping.yaml", "--tempo", "2x"], "fmt has no `--tempo`, retime has it"],
  [["keep", "ping.yaml", "1", "--max-wait", "1s"], "keep has no `--max-wait`, retime has it"],
])("%j is refused: %s", async (words, why) => {
  const { folder, paths } = copyOf("ping.yaml");
  const before = readFileSync(paths[0] ?? "", "utf8");
  const count = readCassette(paths[0] ?? "").entries.length;
  const located = words.map((word) =>
    word.endsWith(".yaml") ? join(folder, word) : word.replace("COUNT", `${count}`),
  );
  expect(await runInProcess("edit", ...located)).toMatchObject({ status: 1, stderr: expect.stringContaining(why) });
  expect(readFileSync(paths[0] ?? "", "utf8")).toBe(before);
  expect(existsSync(join(folder, "tail.yaml"))).toBe(false);
});

test("drop of all that there is says what is left", async () => {
  const [path = ""] = copyOf("ping.yaml").paths;
  const { status, stderr } = await runInProcess("edit", "drop", path, `1-${readCassette(path).entries.length}`);
  expect(stderr).toContain("0 exchanges, 0 sidecars\n  no exchange is left");
  expect(status).toBe(0);
});
