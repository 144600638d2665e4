/** What becomes known as a secret only after it was written is in nothing that stays, whatever it was written into. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { createDiskStore } from "../../src/io/disk/disk-store.ts";
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

/** What stands in the cassette and beside it in the end. */
function findLeft(store: Studio["store"], secret: string): readonly string[] {
  const referred = [...store.sidecars].filter(([path]) => store.text.includes(path)).map(([, bytes]) => bytes);
  return [Buffer.from(store.text), ...referred].flatMap((bytes) => findCanary(bytes, secret));
}

function frame(text: string): Buffer {
  const head = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]);
  head.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([head, Buffer.from(text)]);
}

/** The head, and frames in chunks of their own. */
function splitFrames(...texts: readonly string[]): readonly Buffer[] {
  const chunk = (text: string): Buffer => {
    const bytes = frame(text);
    return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")]);
  };
  const head = encodeChunkedAnswer("200 OK").replace("application/json", "application/vnd.docker.raw-stream");
  return [Buffer.from(head), ...texts.map(chunk)];
}

function encodeFrames(...texts: readonly string[]): Buffer {
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
    { length: 60_000 },
    (_, at) => `{"Id":"${at}","Labels":{"a.token":"secret-of-${at}-0f3a"},"Pad":"${"x".repeat(40)}"}`,
  );
  const body = `[${rows.join(",\n")}]\n`;

  test("is searched place by place before it is on the disk, and is still JSON", async () => {
    const { store, problem } = await record([
      [request("GET /v1.41/containers/json"), encodeJsonAnswer("200 OK", body)],
    ]);
    expect(problem).toBe("none");
    for (const bytes of [...store.written, ...store.sidecars.values()])
      for (const secret of ["secret-of-7-0f3a", "secret-of-59999-0f3a"]) expect(bytes.includes(secret)).toBe(false);
    const [sidecar = Buffer.alloc(0)] = store.sidecars.values();
    const list = JSON.parse(sidecar.toString()) as { Id: string }[];
    expect([list.length, list[59_999]?.Id]).toEqual([60_000, "59999"]);
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

test("the old documents of a recording that is added to are masked, too", async () => {
  const path = join(createTemporaryFolder(), "web.yaml");
  const play = async (mode: "record" | "append", [question, answer]: StudioExchange): Promise<void> => {
    const studio = new Studio({ store: createDiskStore(path, { mode }) });
    const { client, daemon } = await studio.line();
    await client.sends(question);
    await daemon.hears(question);
    await daemon.sends(answer);
    await client.hears(answer);
    expect((await studio.finish()).problem).toBeUndefined();
  };
  await play("record", [request("GET /v1.41/info"), encodeJsonAnswer("200 OK", `{"Name":"${SECRET}"}\n`)]);
  expect(readFileSync(path, "utf8")).toContain(SECRET);
  await play("append", CREATE);
  expect(findCanary(readFileSync(path), SECRET)).toEqual([]);
  expect(readFileSync(path, "utf8")).toMatch(/GET \/v1\.41\/info.*containers\/create/s);
});
