/** What becomes known as a secret only after it was written is in nothing that stays, whatever it was written into. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { EnvironmentError } from "../../src/base/errors.ts";
import { walkSidecars } from "../../src/cassette/sidecars.ts";
import { createDiskStore } from "../../src/io/disk/disk-store.ts";
import { readCassette } from "../../src/io/disk/read-cassette.ts";
import { createTemporaryFolder } from "../io/temporary.ts";
import { findCanary } from "../playbook/find-canary.ts";
import {
  encodeChunkedAnswer,
  encodeHead,
  encodeJsonAnswer,
  encodeJsonRequest,
  encodeTextChunk,
  LAST_CHUNK,
  request,
  upgradeRequest,
} from "../playbook/http.ts";
import { Studio, type StudioExchange } from "../playbook/studio.ts";
import { Theatre } from "../playbook/theatre.ts";

const SECRET = "late-4d6a8c0e&/x";
const LOGS = request("GET /v1.41/containers/web/logs?stdout=1");
const OK = encodeJsonAnswer("200 OK", "{}\n");
const CREATE: StudioExchange = [
  encodeJsonRequest("POST /v1.41/containers/create", { Env: [`DB_PASSWORD=${SECRET}`] }),
  encodeJsonAnswer("201 Created", "{}\n"),
];

type Redaction = NonNullable<ConstructorParameters<typeof Studio>[0]>["redaction"];

async function record(exchanges: readonly StudioExchange[], redaction: Redaction = {}) {
  const studio = new Studio({ redaction });
  await studio.recordExchanges(exchanges);
  const { problem } = await studio.finish();
  return { store: studio.store, problem: problem instanceof Error ? problem.message : "none" };
}

/** What stands in the cassette and beside it in the end, also split over frames. */
function findLeft(store: Studio["store"], secret: string): readonly string[] {
  const referred = [...store.sidecars].filter(([path]) => store.text.includes(path)).map(([, bytes]) => bytes);
  const all = [Buffer.from(store.text), ...referred, ...referred.flatMap(joinFrames)];
  return all.flatMap((bytes) => findCanary(bytes, secret));
}

/** What each stream says, of a sidecar of frames. */
function joinFrames(bytes: Buffer): readonly Buffer[] {
  const streams = new Map<number, Buffer[]>();
  for (let at = 0; bytes[at] === 1 || bytes[at] === 2; ) {
    const end = at + 8 + bytes.readUInt32BE(at + 4);
    const said = streams.get(bytes[at] as number) ?? [];
    streams.set(bytes[at] as number, [...said, bytes.subarray(at + 8, end)]);
    at = end;
  }
  return [...streams.values()].map((said) => Buffer.concat(said));
}

/** A text of stdout, or one of stderr. */
type Said = string | { readonly stderr: string };

function frame(said: Said): Buffer {
  const text = typeof said === "string" ? said : said.stderr;
  const head = Buffer.from([typeof said === "string" ? 1 : 2, 0, 0, 0, 0, 0, 0, 0]);
  head.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([head, Buffer.from(text)]);
}

/** The head, and frames in chunks of their own. */
function splitFrames(...texts: readonly Said[]): readonly Buffer[] {
  const chunk = (text: Said): Buffer => {
    const bytes = frame(text);
    return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")]);
  };
  const head = encodeChunkedAnswer("200 OK").replace("application/json", "application/vnd.docker.raw-stream");
  return [Buffer.from(head), ...texts.map(chunk)];
}

function encodeFrames(...texts: readonly Said[]): Buffer {
  return Buffer.concat([...splitFrames(...texts), Buffer.from(LAST_CHUNK)]);
}

function encodeInUtf8(body: string): Buffer {
  const bytes = Buffer.from(body);
  return Buffer.concat([
    Buffer.from(encodeJsonAnswer("200 OK", "x".repeat(bytes.length)).slice(0, -bytes.length)),
    bytes,
  ]);
}

function upload(body: Buffer): StudioExchange {
  return [
    request("PUT /v1.41/containers/web/archive?path=/x", { headers: ["Content-Type: application/x-tar"], body }),
    OK,
  ];
}

const BIG = "p".repeat(100_000);
const half = Math.floor(SECRET.length / 2);

describe.each([
  {
    what: "a string of JSON",
    exchange: [request("GET /v1.41/info"), encodeJsonAnswer("200 OK", `{"Name":"${SECRET}"}\n`)],
  },
  {
    what: "JSON as Go escapes it",
    exchange: [request("GET /v1.41/info"), encodeJsonAnswer("200 OK", `{"Name":"<${SECRET}>"}\n`)],
  },
  {
    what: "JSON beside letters that are no ASCII",
    exchange: [request("GET /v1.41/info"), encodeInUtf8(`{"Name":"é ${SECRET} 鯨"}\n`)],
  },
  { what: "one frame", exchange: [LOGS, encodeFrames(`a ${SECRET}\n`)] },
  { what: "two frames", exchange: [LOGS, encodeFrames(`a ${SECRET.slice(0, half)}`, `${SECRET.slice(half)} b\n`)] },
  { what: "a frame for each letter", exchange: [LOGS, encodeFrames(...SECRET)] },
  { what: "long frames, which go to a sidecar", exchange: [LOGS, encodeFrames(BIG, `a ${SECRET}\n`, BIG)] },
  {
    what: "long frames that split it, which go to a sidecar",
    exchange: [LOGS, encodeFrames(BIG, `a ${SECRET.slice(0, half)}`, `${SECRET.slice(half)} b\n`, BIG)],
  },
  { what: "a frame for each letter, in a sidecar", exchange: [LOGS, encodeFrames(BIG, ...SECRET, "\n")] },
  { what: "a frame for each letter, at the end of a sidecar", exchange: [LOGS, encodeFrames(BIG, ...SECRET)] },
  {
    what: "frames that split it, with those of another stream between",
    exchange: [
      LOGS,
      encodeFrames(BIG, SECRET.slice(0, half), { stderr: BIG }, { stderr: BIG }, SECRET.slice(half), BIG),
    ],
  },
  {
    what: "long bytes that are no JSON",
    exchange: [
      request("GET /v1.41/x"),
      encodeHead("HTTP/1.1 200 OK", [`Content-Length: ${BIG.length + Buffer.byteLength(SECRET)}`]) + BIG + SECRET,
    ],
  },
] as { what: string; exchange: StudioExchange }[])("in $what", ({ exchange }) => {
  test("it is masked when it becomes known", async () => {
    const { store, problem } = await record([exchange, CREATE]);
    expect(problem).toBe("none");
    expect(findLeft(store, SECRET)).toEqual([]);
    const theatre = new Theatre(store.text, { sidecars: store.sidecars });
    const client = theatre.client();
    await client.sends(exchange[0]);
    await client.hearsUpTo("\r\n\r\n");
    expect(theatre.misses).toEqual([]);
  });
});

describe("a tar that its head does not call one", () => {
  // Content that looks like a secret in a header, as busybox has it.
  const tar = Buffer.alloc(64 * 1024);
  tar.write("bin/busybox", 0, "latin1");
  tar.write("ustar", 257, "latin1");
  tar.write("\nAuthorization: Bearer %s\0%s-%d-0001\n", 40_000, "latin1");
  const exchange = (body: Buffer): StudioExchange => [
    request("GET /v1.41/images/web/get"),
    Buffer.concat([
      Buffer.from(encodeHead("HTTP/1.1 200 OK", ["Content-Type: application/json", `Content-Length: ${body.length}`])),
      body,
    ]),
  ];

  test("is kept byte for byte, also when a secret becomes known later", async () => {
    const { store, problem } = await record([exchange(tar), CREATE]);
    expect(problem).toBe("none");
    expect([...store.sidecars.values()]).toEqual([tar]);
  });

  test("refuses the recording if it has the secret", async () => {
    const withSecret = Buffer.from(tar);
    withSecret.write(SECRET, 50_000, "latin1");
    expect((await record([exchange(withSecret), CREATE])).problem).toContain("at byte 50000");
  });
});

test("it is masked in events of a stream that ends only after it became known", async () => {
  const [head = "", ...frames] = splitFrames(`a ${SECRET.slice(0, half)}`, `${SECRET.slice(half)} b\n`, BIG);
  const studio = new Studio();
  const [follower, maker] = [await studio.line(), await studio.line()];
  await follower.client.sends(LOGS);
  await follower.daemon.hears(LOGS);
  await follower.daemon.sends(head);
  for (const bytes of frames) {
    await follower.daemon.sends(bytes);
    await studio.passes(500);
  }
  await maker.client.sends(CREATE[0]);
  await maker.daemon.hears(CREATE[0]);
  await maker.daemon.sends(CREATE[1]);
  await maker.client.hears(CREATE[1]);
  await follower.daemon.sends(LAST_CHUNK);
  expect((await studio.finish()).problem).toBeUndefined();
  expect(studio.store.text.match(/- stdout: .*|- file/g)).toEqual([
    '- stdout: "a <redacte"',
    '- stdout: "d:1>**** b\\n"',
    "- file",
  ]);
});

describe("a tar", () => {
  const tar = Buffer.concat([Buffer.alloc(70_000), Buffer.from(SECRET), Buffer.alloc(512)]);

  test.each([
    ["plain", tar],
    ["in gzip", gzipSync(tar)],
  ])("%s refuses the recording, unless the rule `tars` is on", async (_, body) => {
    const refused = await record([upload(body), CREATE]);
    expect(refused.problem).toMatch(/\.tar at byte 70000: known value/);
    const { store, problem } = await record([upload(body), CREATE], { rules: ["tars"] });
    expect(problem).toBe("none");
    expect(findLeft(store, SECRET)).toEqual([]);
    expect(store.text).toMatch(/size: \d+/);
    const [, path = "", size] = /path: ([^,]+), size: (\d+)/.exec(store.text) ?? [];
    expect(store.sidecars.get(path)?.length).toBe(Number(size));
  });
});

describe("JSON of more than 4 MiB", () => {
  const rows = Array.from(
    { length: 12_000 },
    (_, at) => `{"Id":"${at}","Labels":{"a.token":"secret-of-${at}-0f3a"},"Pad":"${"x".repeat(350)}"}`,
  );
  const body = `[${rows.join(",\n")}]\n`;

  test("is searched place by place before it is on the disk, and is still JSON", async () => {
    const { store, problem } = await record([
      [request("GET /v1.41/containers/json"), encodeJsonAnswer("200 OK", body)],
    ]);
    expect(problem).toBe("none");
    for (const bytes of [...store.written, ...store.sidecars.values()])
      for (const secret of ["secret-of-7-0f3a", "secret-of-11999-0f3a"]) expect(bytes.includes(secret)).toBe(false);
    const [sidecar = Buffer.alloc(0)] = store.sidecars.values();
    const list = JSON.parse(sidecar.toString()) as { Id: string }[];
    expect([list.length, list[11_999]?.Id]).toEqual([12_000, "11999"]);
    const client = new Theatre(store.text, { sidecars: store.sidecars }).client();
    await client.sends(request("GET /v1.41/containers/json"));
    await client.hearsUpTo(`Content-Length: ${sidecar.length}`);
  });
});

test("what a request tells is masked in its own answer, while that streams", async () => {
  const target = `POST /v1.41/build?remote=x&buildargs=${encodeURIComponent(JSON.stringify({ TOKEN: SECRET }))}`;
  const answer = encodeChunkedAnswer("200 OK") + encodeTextChunk(`{"stream":"built ${SECRET}\\n"}\r\n`) + LAST_CHUNK;
  const { store, problem } = await record([[request(target), answer]]);
  expect(problem).toBe("none");
  expect(store.written.flatMap((bytes) => findCanary(bytes, SECRET))).toEqual([]);
  expect(store.text).toContain("built <redacted:1>");
});

/** Records one exchange after another into one cassette, each with a recorder of its own. */
async function recordOnto(path: string, mode: "record" | "append", [question, answer]: StudioExchange) {
  const old = mode === "append" ? readCassette(path) : undefined;
  const previous = old && { header: old.header, names: [], listSidecars: () => [...walkSidecars(old.entries)] };
  const studio = new Studio({
    store: createDiskStore(path, { mode }),
    ...(previous === undefined ? {} : { previous }),
  });
  await studio.recordExchanges([[question, answer]]);
  expect((await studio.finish()).problem).toBeUndefined();
}

test("the old documents of a recording that is added to are masked, too", async () => {
  const path = join(createTemporaryFolder(), "web.yaml");
  await recordOnto(path, "record", [request("GET /v1.41/info"), encodeJsonAnswer("200 OK", `{"Name":"${SECRET}"}\n`)]);
  expect(readFileSync(path, "utf8")).toContain(SECRET);
  await recordOnto(path, "append", CREATE);
  expect(findCanary(readFileSync(path), SECRET)).toEqual([]);
  expect(readFileSync(path, "utf8")).toMatch(/GET \/v1\.41\/info.*containers\/create/s);
});

test.each([
  ["in frames", encodeFrames(BIG, `a ${SECRET}\n`)],
  ["split over frames", encodeFrames(BIG, SECRET.slice(0, half), SECRET.slice(half))],
])("the old sidecars of a recording that is added to are masked, too: %s", async (_, answer) => {
  const path = join(createTemporaryFolder(), "web.yaml");
  const list = (): readonly string[] => readdirSync(path.slice(0, -".yaml".length));
  await recordOnto(path, "record", [LOGS, answer]);
  const before = list();
  await recordOnto(path, "append", CREATE);
  const [name = "", ...others] = list();
  expect([others, before.includes(name)]).toEqual([[], false]);
  const bytes = readFileSync(join(path, "../web", name));
  expect([bytes, ...joinFrames(bytes)].flatMap((one) => findCanary(one, SECRET))).toEqual([]);
  expect(readFileSync(path, "utf8")).toContain(createHash("sha256").update(bytes).digest("hex"));
});

test("what a client types at length is masked when it becomes known", async () => {
  const attach = upgradeRequest("POST /v1.41/containers/web/attach?stream=1&stdin=1&stdout=1");
  const upgraded = encodeHead("HTTP/1.1 101 UPGRADED", ["Connection: Upgrade", "Upgrade: tcp"]);
  const studio = new Studio();
  const [typist, maker] = [await studio.line(), await studio.line()];
  await typist.client.sends(attach);
  await typist.daemon.hears(attach);
  await typist.daemon.sends(upgraded);
  await typist.client.hears(upgraded);
  for (const text of [BIG, SECRET.slice(0, half), SECRET.slice(half), BIG]) await typist.client.sends(text);
  await maker.client.sends(CREATE[0]);
  await maker.daemon.hears(CREATE[0]);
  await maker.daemon.sends(CREATE[1]);
  await maker.client.hears(CREATE[1]);
  expect((await studio.finish()).problem).toBeUndefined();
  expect(studio.store.text).toMatch(/stdin.*\.bin/s);
  expect(findLeft(studio.store, SECRET)).toEqual([]);
});

test("a sidecar that cannot be written anew ends the recording, and says why: the secret would stay in it", async () => {
  const studio = new Studio();
  await studio.recordExchanges([[LOGS, encodeFrames(BIG, `a ${SECRET}\n`, BIG)], CREATE]);
  const full = new EnvironmentError("WHALESONG_DISK", "cannot write `run/x`: the disk is full");
  studio.store.sidecar = () => {
    const write = (): never => {
      throw full;
    };
    return { size: 0, write, finish: write, discard: () => undefined, *pieces() {} };
  };
  expect(await studio.finish()).toMatchObject({ problem: full, isKept: false });
  expect([studio.store.isReleased, studio.store.text]).toEqual([true, ""]);
});
