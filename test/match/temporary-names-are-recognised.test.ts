/** Names that libraries make up for one run, and names that look like them but were given. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TEMPORARY_NAMES } from "../../src/match/generated/temporary-names.ts";
import { pairGeneratedValues } from "../../src/match/generated/value-pairs.ts";

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const DIGITS = "0123456789";
const BASE_62 = LOWER + LOWER.toUpperCase() + DIGITS;
const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

const textOf = (alphabet: string, length: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...alphabet), { minLength: length, maxLength: length }).map((letters) => letters.join(""));
/** Without fast-check's bias for small numbers, which no random generator has. */
const uint32 = fc.noBias(fc.integer({ min: 0, max: 2 ** 32 - 1 }));
const uint64 = fc.noBias(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })).map(String);

/** A name of a maker where clients put it, and how many in a hundred recorded ones are recognised at least. */
interface Made {
  readonly maker: string;
  readonly field: string;
  readonly names: fc.Arbitrary<string>;
  readonly recognised: number;
  /** Which request has it. @default a request like any other */
  readonly operation?: string;
}

const ephemeralPort = fc.noBias(fc.integer({ min: 32_768, max: 60_999 }));

const MADE: readonly Made[] = [
  {
    maker: "a server of the client's own",
    field: "query.remote",
    names: ephemeralPort.map((port) => `http://127.0.0.1:${port}/repo.git`),
    recognised: 98,
  },
  {
    maker: "Go",
    field: "json.HostConfig.Binds",
    names: uint32.map((n) => `["/tmp/TestX${n}/001:/data"]`),
    recognised: 98,
  },
  {
    maker: "Go in a subtest with a number",
    field: "json.HostConfig.Binds",
    names: uint32.map((n) => `["/tmp/TestXcase0${n}/001:/data"]`),
    recognised: 97,
  },
  {
    maker: "Go in a subtest of an API version",
    field: "json.HostConfig.Mounts",
    names: uint32.map((n) => `[{"Source":"/tmp/TestX_v1.41${n}/002","Target":"/d","Type":"bind"}]`),
    recognised: 97,
  },
  {
    maker: "eight digits of hexadecimal",
    field: "query.name",
    names: textOf("0123456789abcdef", 8).map((n) => `web-${n}`),
    recognised: 80,
  },
  {
    maker: "ten behind a word",
    field: "query.name",
    names: textOf("0123456789abcdef", 10).map((n) => `TestExecs${n}`),
    recognised: 85,
  },
  { maker: "Go", field: "query.name", names: uint32.map((n) => `test-tmp${n}`), recognised: 98 },
  { maker: "Go", field: "json.Name", names: uint32.map((n) => `volume-${n}`), recognised: 95 },
  { maker: "Go", field: "json.Labels.run", names: uint32.map((n) => `TestX${n}`), recognised: 98 },
  { maker: "Go", field: "query.filters", names: uint32.map((n) => `{"name":["TestX${n}"]}`), recognised: 98 },
  {
    maker: "Go behind a word with a digit",
    field: "query.name",
    names: uint32.map((n) => `web2-${n}`),
    recognised: 95,
  },
  {
    maker: "Go with a separator, in a temporary folder",
    field: "json.HostConfig.Mounts",
    names: uint32.map((n) => `[{"Source":"/tmp/dir1-${n}/file","Target":"/etc/hosts","Type":"bind"}]`),
    recognised: 98,
  },
  {
    maker: "Go in a temporary folder, in any field",
    field: "tar.link",
    names: uint32.map((n) => `symlink 777 /tmp/to-dir-${n}/some`),
    recognised: 98,
  },
  {
    maker: "Go in a temporary folder, in any field",
    field: "json.Cmd",
    names: uint32.map((n) => `["cat","/tmp/some-tmpvol${n}/file"]`),
    recognised: 98,
  },
  {
    maker: "Go behind a prefix that ends in a digit",
    field: "json.HostConfig.Mounts",
    names: uint32.map((n) => `[{"Source":"/tmp/test-mounts-1${n}","Target":"/foo","Type":"bind"}]`),
    recognised: 97,
  },
  {
    maker: "Go beside numbers that were given",
    field: "json.HostConfig.Binds",
    names: uint32.map((n) => `["/tmp/data-${n}/app-104857600:/x","/srv/load1000000:/y"]`),
    recognised: 98,
  },
  {
    maker: "Python",
    field: "json.HostConfig.Binds",
    names: textOf(`${LOWER}${DIGITS}_`, 8).map((n) => `["/tmp/tmp${n}:/x"]`),
    recognised: 95,
  },
  {
    maker: "Python",
    field: "json.Cmd",
    names: textOf(`${LOWER}${DIGITS}_`, 8).map((n) => `["cat","/tmp/tmp${n}/f"]`),
    recognised: 92,
  },
  {
    maker: "Python with a prefix",
    field: "json.HostConfig.Binds",
    names: textOf(`${LOWER}${DIGITS}_`, 8).map((n) => `["/tmp/own-${n}.d:/x"]`),
    recognised: 85,
  },
  {
    maker: "Ruby",
    field: "json.HostConfig.Binds",
    names: fc
      .tuple(fc.integer({ min: 2, max: 99999 }), uint32)
      .map(([pid, n]) => `["/tmp/d20261128-${pid}-${n.toString(36)}:/x"]`),
    recognised: 100,
  },
  { maker: "Java", field: "json.HostConfig.Binds", names: uint64.map((n) => `["/tmp/junit${n}:/x"]`), recognised: 98 },
  {
    maker: "Rust",
    field: "json.HostConfig.Binds",
    names: textOf(BASE_62, 6).map((n) => `["/tmp/.tmp${n}:/x"]`),
    recognised: 90,
  },
  {
    maker: "mktemp",
    field: "json.HostConfig.Binds",
    names: textOf(BASE_62, 10).map((n) => `["/tmp/tmp.${n}:/x"]`),
    recognised: 98,
  },
  {
    maker: "mktemp with a template",
    field: "json.Cmd",
    names: textOf(BASE_62, 10).map((n) => `["cat","/tmp/test1.${n}"]`),
    recognised: 87,
  },
  {
    maker: "letters alone, as long as a template",
    field: "json.Binds",
    names: textOf(LOWER + LOWER.toUpperCase(), 10).map((n) => `["/tmp/test1.${n}:/tmp"]`),
    recognised: 72,
  },
  {
    maker: "mkdtemp",
    field: "json.HostConfig.Binds",
    names: textOf(BASE_62, 6).map((n) => `["/tmp/whale-${n}/a:/x"]`),
    recognised: 90,
  },
  { maker: "nanoid", field: "query.name", names: textOf(`${BASE_62}_-`, 21), recognised: 92 },
  {
    maker: "ULID",
    field: "json.Labels.session",
    names: fc.tuple(fc.constantFrom("01JDQ5X9KT", "01JDQ5XZ00"), textOf(CROCKFORD, 16)).map((parts) => parts.join("")),
    recognised: 98,
  },
  { maker: "KSUID", field: "json.Labels.session", names: textOf(BASE_62, 26).map((n) => `2${n}`), recognised: 95 },
  {
    maker: "docker's names",
    field: "query.name",
    names: fc
      .tuple(fc.constantFrom("happy", "stoic", "zen"), fc.constantFrom("curie", "hopper", "bose"))
      .map((parts) => parts.join("_")),
    recognised: 100,
  },
  { maker: "JavaScript", field: "query.t", names: shortBase36(7), recognised: 85, operation: "ImageBuild" },
  {
    maker: "JavaScript",
    field: "query.t",
    names: shortBase36(7).map((n) => `${n}:latest`),
    recognised: 85,
    operation: "ImageBuild",
  },
  { maker: "JavaScript", field: "query.repo", names: shortBase36(8), recognised: 80, operation: "ImageCommit" },
];

/** What `Math.random().toString(36).substring(from)` leaves. */
function shortBase36(from: number): fc.Arbitrary<string> {
  return fc
    .noBias(fc.double({ min: 0.001, max: 0.999, noNaN: true }))
    .map((n) => n.toString(36).substring(from, 14))
    .filter((name) => name.length > 3);
}

describe.each(MADE)("$maker in $field", ({ field, names, recognised, operation }) => {
  test("a recorded one stands for today's", () => {
    const runs = fc.sample(fc.tuple(names, names), { numRuns: 1000, seed: 7 });
    const good = runs.filter(
      ([recorded, today]) => pairGeneratedValues(recorded, today, field, operation) !== undefined,
    );
    expect((good.length / runs.length) * 100).toBeGreaterThanOrEqual(recognised);
  });

  test("whether it is recognised depends on the recorded one alone, so a replay is stable", () => {
    const [recorded] = fc.sample(names, { numRuns: 1, seed: 11 }) as [string];
    const runs = fc.sample(names, { numRuns: 500, seed: 12 });
    const good = runs.filter((today) => pairGeneratedValues(recorded, today, field, operation) !== undefined).length;
    expect(good === 0 || good >= runs.length * 0.99, `${good} of ${runs.length} for ${recorded}`).toBe(true);
  });
});

test("each grammar says who makes such names, and where that is defined", () => {
  for (const { maker, source, pattern } of TEMPORARY_NAMES) {
    expect([maker, source, pattern.flags].every((text) => text.length > 0)).toBe(true);
  }
});

describe("these were given", () => {
  test.each([
    ["days", "build20261128", "build20261201"],
    ["hours", "nightly-2026112807", "nightly-2026112908"],
    ["versions", "app-v1.10.2", "app-v1.11.0"],
    ["counters", "job1234567", "job1234568"],
    ["counters of many digits", "run-4000000017", "run-4000000018"],
    ["ports", "web8080", "web9090"],
    ["sizes", "size104857600", "size209715200"],
    ["round numbers", "load1000000", "load2000000"],
    ["pairs of plain words", "happy_path", "sad_path"],
    ["pairs of other words", "web_server", "mail_server"],
    ["folders of words", "tmpprojects", "tmpdatabase"],
    ["folders with a number", "tmp_data001", "tmp_data002"],
    ["names in capitals", "My_VolumeName-ForTest", "My_VolumeName-ForBeta"],
    ["hexadecimal words", "deadbeef01", "facade2024"],
    ["hexadecimal words behind words", "mydeadbeef01", "myfacade2024"],
    ["dates with letters", "nightly-20261128ab", "nightly-20270301cd"],
    ["releases", "build2026a", "build2027b"],
    ["accounts", "acct123456789012", "acct210987654321"],
  ])("%s: %s, %s", (_, recorded, today) => {
    expect(pairGeneratedValues(recorded, today, "query.name")).toBeUndefined();
    expect(pairGeneratedValues(today, recorded, "query.name")).toBeUndefined();
  });

  test.each([
    ["paths in a temporary folder", '["/tmp/app-config:/x"]', '["/tmp/app-assets:/x"]'],
    ["ports of other machines", "10.1.2.3:46211", "10.1.2.3:36869"],
    ["ports that were given", "localhost:18080", "localhost:19090"],
    ["another host", "localhost:46211", "127.0.0.1:36869"],
    ["ten letters", '["/tmp/app.MyTestData:/x"]', '["/tmp/app.MyTestLogs:/x"]'],
    ["ten with a number", '["/tmp/app.TestSuite1:/x"]', '["/tmp/app.TestSuite2:/x"]'],
    ["six letters", '["/tmp/assets:/x"]', '["/tmp/config:/x"]'],
    ["words in capitals", '["/tmp/MyTest:/x"]', '["/tmp/MyMock:/x"]'],
    ["a word with a number", '["/tmp/test01:/x"]', '["/tmp/test02:/x"]'],
    ["folders of eight letters", '["/tmp/app-database:/x"]', '["/tmp/app-frontend:/x"]'],
    ["folders of eight with a number", '["/tmp/app-worker01:/x"]', '["/tmp/app-server02:/x"]'],
    ["folders of Python's length with a number", '["/tmp/tmpbackup07:/x"]', '["/tmp/tmpscript12:/x"]'],
    ["abbreviations with a number", '["/tmp/tmpnginx_12:/x"]', '["/tmp/tmphttpd_31:/x"]'],
    ["file names", '["/tmp/makefile.txt:/x"]', '["/tmp/database.tar:/x"]'],
    ["hidden folders", '["/home/.tmpfolder:/x"]', '["/home/.tmpassets:/x"]'],
    ["dates", '["/tmp/nightly-20261128:/x"]', '["/tmp/nightly-20270301:/x"]'],
    ["moments", '["/tmp/nightly-202611280701:/x"]', '["/tmp/nightly-202703010902:/x"]'],
    ["ports", '["/tmp/web-18080:/x"]', '["/tmp/web-29092:/x"]'],
    ["sizes in a temporary folder", '["/tmp/disk-104857600:/x"]', '["/tmp/disk-209715200:/x"]'],
    ["numbers that differ beside one that does not", '["/tmp/a-443380970/b-1:/x"]', '["/tmp/a-1054245177/b-2:/x"]'],
    ["another prefix", '["/tmp/TestX2030456728/001:/x"]', '["/tmp/TestY3177251307/001:/x"]'],
    ["another subtest", '["/tmp/TestXcase1/sub265341535/001:/x"]', '["/tmp/TestXcase2/sub3521575186/001:/x"]'],
    ["another place below", '["/tmp/TestX2030456728/001:/x"]', '["/tmp/TestX3177251307/002:/x"]'],
  ])("%s: %s, %s", (_, recorded, today) => {
    expect(pairGeneratedValues(recorded, today, "json.HostConfig.Binds")).toBeUndefined();
    expect(pairGeneratedValues(today, recorded, "json.HostConfig.Binds")).toBeUndefined();
  });

  test.each([
    ["words", "redis", "nginx"],
    ["words with a number", "web01", "web02"],
    ["names with a path", "own/4szeh6", "own/kcb5zi"],
    ["tags", "app:4szeh6", "app:kcb5zi"],
    ["versions", "4szeh6:v1", "kcb5zi:v2"],
  ])("names of images: %s: %s, %s", (_, recorded, today) => {
    expect(pairGeneratedValues(recorded, today, "query.t", "ImageBuild")).toBeUndefined();
    expect(pairGeneratedValues(today, recorded, "query.t", "ImageBuild")).toBeUndefined();
  });

  test.each([
    ["json.Image", "app2030456728", "app3177251307"],
    ["json.Cmd", '["seq","2030456728"]', '["seq","3177251307"]'],
    ["json.Env", '["PORTS=n2030456728"]', '["PORTS=n3177251307"]'],
    ["query.fromImage", "happy_curie", "stoic_hopper"],
    ["query.name", "4szeh6", "kcb5zi"],
    ["query.t", "4szeh6", "kcb5zi"],
    ["json.HostConfig.Memory", "2030456728", "3177251307"],
  ])("numbers and words where no names are put, in %s", (field, recorded, today) => {
    expect(pairGeneratedValues(recorded, today, field)).toBeUndefined();
  });
});
