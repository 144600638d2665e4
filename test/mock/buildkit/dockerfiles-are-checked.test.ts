// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Dockerfiles have `${name}`, too
import { describe, expect, test } from "vitest";
import { MockedDaemon } from "../../playbook/mocked.ts";
import { BuildClient, type BuildOutcome } from "./build-client.ts";
import { ClientSession } from "./client-session.ts";

async function build(dockerfile: string, options: Readonly<Record<string, string>> = {}): Promise<BuildOutcome> {
  const client = await BuildClient.open(new MockedDaemon({ engine: "28" }));
  const files = { Dockerfile: dockerfile, "a.log": "log\n", ".dockerignore": "*.log\n" };
  return client.build(new ClientSession(files), { options });
}

const JSON_ARGS = "to prevent unintended behavior related to OS signals";

describe("a build warns of", () => {
  test.each([
    ["FROM busybox as a", "FromAsCasing: 'as' and 'FROM' keywords' casing do not match (line 1)"],
    ["FROM busybox AS One", "StageNameCasing: Stage name 'One' should be lowercase (line 1)"],
    [
      "FROM busybox AS a\nFROM busybox AS a",
      'DuplicateStageName: Duplicate stage name "a", stage names should be unique (line 2)',
    ],
    [
      "FROM busybox AS context",
      'ReservedStageName: Stage name should not use the same name as reserved stage "context" (line 1)',
    ],
    [
      "FROM busybox\nrun true\nENV A=1",
      "ConsistentInstructionCasing: Command 'run' should match the case of the command majority (uppercase) (line 2)",
    ],
    ["FROM busybox\nRUN true \\\n\n && true", "NoEmptyContinuation: Empty continuation line (line 4)"],
    ["FROM busybox\nCMD a", `JSONArgsRecommended: JSON arguments recommended for CMD ${JSON_ARGS} (line 2)`],
    [
      "FROM busybox\nMAINTAINER a",
      "MaintainerDeprecated: Maintainer instruction is deprecated in favor of using label (line 2)",
    ],
    [
      "FROM busybox\nWORKDIR a",
      'WorkdirRelativePath: Relative workdir "a" can have unexpected results if the base image changes (line 2)',
    ],
    ["FROM busybox\nUSER $ABSENT", "UndefinedVar: Usage of undefined variable '$ABSENT' (line 2)"],
    [
      "FROM busybox\nARG NAME=1\nUSER $NAMES",
      "UndefinedVar: Usage of undefined variable '$NAMES' (did you mean $NAME?) (line 3)",
    ],
    ["FROM ${BASE:-busybox}", "UndefinedArgInFrom: FROM argument 'BASE' is not declared (line 1)"],
    [
      'FROM busybox\nCMD ["a"]\nCMD ["b"]',
      "MultipleInstructionsDisallowed: Multiple CMD instructions should not be used in the same stage because only the last one will be used (line 2)",
    ],
    [
      "FROM busybox\nENV A b",
      'LegacyKeyValueFormat: "ENV key=value" should be used instead of legacy "ENV key value" format (line 2)',
    ],
    [
      "FROM busybox\nARG API_TOKEN",
      'SecretsUsedInArgOrEnv: Do not use ARG or ENV instructions for sensitive data (ARG "API_TOKEN") (line 2)',
    ],
    [
      "FROM --platform=$TARGETPLATFORM busybox",
      "RedundantTargetPlatform: Setting platform to predefined $TARGETPLATFORM in FROM is redundant as this is the default behavior (line 1)",
    ],
    [
      "FROM --platform=linux/amd64 busybox",
      'FromPlatformFlagConstDisallowed: FROM --platform flag should not use constant value "linux/amd64" (line 1)',
    ],
    [
      "FROM busybox\nEXPOSE 80/TCP",
      "ExposeProtoCasing: Defined protocol '80/TCP' in EXPOSE instruction should be lowercase (line 2)",
    ],
    [
      "FROM busybox\nEXPOSE 127.0.0.1:80:80",
      "ExposeInvalidFormat: EXPOSE instruction should not define an IP address or host-port mapping, found '127.0.0.1:80:80' (line 2)",
    ],
  ])("%j", async (dockerfile, warning) => {
    expect((await build(`${dockerfile}\n`)).warnings).toEqual([warning]);
  });

  test("a base image that no argument names, before it fails", async () => {
    const { warnings, status, blamed } = await build("ARG BASE\nFROM ${BASE}\n");
    const what = "Default value for ARG ${BASE} results in empty or invalid base image name (line 2)";
    expect(warnings).toEqual([`InvalidDefaultArgInFrom: ${what}`]);
    expect([status.message, blamed]).toEqual(["base name (${BASE}) should not be blank", [2, 2]]);
  });

  test.each([
    ["FROM busybox AS a\nRUN true\nFROM scratch\nCOPY --from=a /etc/passwd /"],
    ["FROM busybox\nENV PUBLIC_KEY=1\nWORKDIR /a\nWORKDIR b\nARG X\nRUN echo $X $Y"],
    ['FROM busybox\nSHELL ["/bin/sh", "-c"]\nCMD a\nENTRYPOINT ["a"]'],
    ["from busybox as a\nrun true"],
    ["FROM --platform=linux/amd64 busybox AS linux-build"],
  ])("nothing in %j", async (dockerfile) => {
    expect((await build(`${dockerfile}\n`)).warnings).toEqual([]);
  });
});

describe("a Dockerfile says", () => {
  const WARNED = "FROM busybox as a\nCMD b\n";
  const RULES = ["FromAsCasing", "JSONArgsRecommended"];

  test.each([
    ["# check=skip=all", {}, []],
    ["# check=skip=FromAsCasing", {}, ["JSONArgsRecommended"]],
    ["# check=skip=FromAsCasing, JSONArgsRecommended", {}, []],
    ["# nothing", {}, RULES],
    ["# check=skip=all", { "build-arg:BUILDKIT_DOCKERFILE_CHECK": "skip=FromAsCasing" }, ["JSONArgsRecommended"]],
  ])("by %j and %j what is checked", async (directive, options, rules) => {
    const { warnings, status } = await build(`${directive}\n${WARNED}`, options);
    expect(status.message).toBe("");
    expect(warnings.map((warning) => warning.split(":")[0])).toEqual(rules);
  });

  test("that warnings fail the build", async () => {
    const { status, steps } = await build(`# check=error=true\n${WARNED}`);
    expect(status.message).toBe(`lint violation found for rules: ${RULES.join(", ")}`);
    expect(steps).not.toContainEqual(expect.stringContaining("FROM"));
  });

  test("that rules are tried which are not settled", async () => {
    const dockerfile = "# check=experimental=CopyIgnoredFile\nFROM busybox\nCOPY a.log /\n";
    const { warnings } = await build(dockerfile);
    const what = 'Attempting to Copy file "a.log" that is excluded by .dockerignore (line 3)';
    expect(warnings).toEqual([`CopyIgnoredFile: ${what}`]);
  });

  test.each([
    ["skip", 'invalid check option "skip"'],
    ["other=1", 'invalid check option "other"'],
    ["error=maybe", 'failed to parse check option "error=maybe": strconv.ParseBool: parsing "maybe": invalid syntax'],
  ])("what cannot be read: %s", async (setting, why) => {
    const { status } = await build(`# check=${setting}\n${WARNED}`);
    expect(status.message).toBe(`failed to parse check options: ${why}`);
  });
});

describe("docker build --check", () => {
  const CHECK = { requestid: "frontend.lint" };

  test("reports warnings of all stages, and builds nothing", async () => {
    const { metadata, steps, warnings, status } = await build(
      "FROM busybox AS One\nRUN exit 1\nFROM busybox\nCMD a\n",
      CHECK,
    );
    expect([status.message, warnings]).toEqual(["", []]);
    expect(steps).not.toContainEqual(expect.stringContaining("RUN"));
    const { warnings: found, sources } = JSON.parse(metadata["result.json"] ?? "");
    expect(found).toMatchObject([
      { ruleName: "StageNameCasing", location: { ranges: [{ start: { line: 1 } }] } },
      { ruleName: "JSONArgsRecommended", location: { ranges: [{ start: { line: 4 } }] } },
    ]);
    expect(sources).toMatchObject([{ filename: "Dockerfile" }]);
    expect(metadata["result.statuscode"]).toBe("1");
  });

  test("says what is wrong, too", async () => {
    const { metadata } = await build("FROM busybox\nRUNN x\n", CHECK);
    expect(JSON.parse(metadata["result.json"] ?? "").buildError).toEqual({
      message: "dockerfile parse error on line 2: unknown instruction: RUNN (did you mean RUN?)",
      location: { ranges: [{ start: { line: 2 }, end: { line: 2 } }] },
    });
  });

  test("reads the Dockerfile anew each time", async () => {
    const docker = new MockedDaemon({ engine: "28" });
    const check = async (Dockerfile: string): Promise<string | undefined> => {
      const client = await BuildClient.open(docker);
      const { metadata } = await client.build(new ClientSession({ Dockerfile }), { options: CHECK });
      return metadata["result.statuscode"];
    };
    expect(await check("FROM busybox\nCMD a\n")).toBe("1");
    expect(await check("FROM busybox\nRUN true\n")).toBe("0");
  });

  test("ends with 0 where nothing is wrong", async () => {
    expect((await build("FROM busybox\nRUN exit 1\n", CHECK)).metadata["result.statuscode"]).toBe("0");
  });
});
