import { describe, expect, test } from "vitest";
import { MockedDaemon } from "../../playbook/mocked.ts";
import { BuildClient, type BuildOutcome, type BuildRequest } from "./build-client.ts";
import { ClientSession } from "./client-session.ts";

const NAMED = { exporter: { Type: "moby", Attrs: { name: "demo:1" } } };

async function build(
  dockerfile: string,
  request: BuildRequest = {},
  { docker = new MockedDaemon({ engine: "28" }), hasAgent = false } = {},
): Promise<BuildOutcome & { docker: MockedDaemon }> {
  const client = await BuildClient.open(docker);
  const files = { Dockerfile: dockerfile, "a.txt": "a\n", "src/a.log": "log\n", "src/b.txt": "b\n" };
  const session = new ClientSession(files, { hasAgent });
  return { ...(await client.build(session, { ...NAMED, ...request })), docker };
}

const TWO = [
  "FROM busybox AS slow",
  "RUN sleep 20; echo slow > /slow",
  "FROM busybox AS fast",
  "RUN echo fast > /fast",
  "FROM busybox",
  "COPY --from=slow /slow /",
  "COPY --from=fast /fast /",
].join("\n");

describe("stages", () => {
  test("that do not need each other are built at the same time", async () => {
    const docker = new MockedDaemon({ engine: "28" });
    const building = build(TWO, {}, { docker });
    let isOver = false;
    void building.finally(() => {
      isOver = true;
    });
    while (!isOver) await docker.passes(1000);
    const { steps } = await building;
    const [slow, fast] = ["slow", "fast"].map((name) => steps.findIndex((step) => step.startsWith(`[${name} 2/2]`)));
    expect(fast).toBeLessThan(slow as number);
    expect(steps.filter((step) => step.includes("FROM"))).toEqual(["[fast 1/2] FROM docker.io/library/busybox:latest"]);
  });

  test("are cancelled where another one fails", async () => {
    const { steps, status, blamed } = await build(TWO.replace("echo fast > /fast", "exit 3"));
    expect(status.message).toBe('process "/bin/sh -c exit 3" did not complete successfully: exit code: 3');
    expect(blamed).toEqual([4, 4]);
    expect(steps.filter((step) => step.startsWith("ERROR"))).toEqual([
      "ERROR [fast 2/2] RUN exit 3",
      "ERROR [slow 2/2] RUN sleep 20; echo slow > /slow",
    ]);
    expect(steps.some((step) => step.includes("COPY"))).toBe(false);
  });

  test("with an error in the last line run no step", async () => {
    const { steps, status, blamed } = await build(`${TWO}\nSTOPSIGNAL NONE`);
    expect([status.message, blamed]).toEqual(["invalid signal: NONE", [8, 8]]);
    expect(steps.some((step) => /RUN|FROM/.test(step))).toBe(false);
  });

  test("begin from the triggers of another one", async () => {
    const { log, steps } = await build("FROM busybox AS p\nONBUILD RUN echo triggered\nFROM p\nRUN echo own");
    expect(log).toBe("triggered\nown\n");
    expect(steps).toContain("[stage-1 1/2] ONBUILD RUN echo triggered");
  });

  test("inherit arguments, which hide variables that were set before", async () => {
    const { log } = await build("FROM busybox AS p\nENV WHO=env\nARG WHO=arg\nFROM p\nRUN echo $WHO");
    expect(log).toBe("arg\n");
  });
});

describe("FROM", () => {
  const DOCKERFILE = "FROM busybox\nRUN echo 1\n";
  const findFrom = ({ steps }: BuildOutcome): string | undefined => steps.findLast((step) => step.includes("FROM"));

  test("is cached where its files are needed again", async () => {
    const first = await build(DOCKERFILE);
    const { docker } = first;
    const again = await build(DOCKERFILE, {}, { docker });
    const other = await build(DOCKERFILE.replace("1", "2"), {}, { docker });
    expect([first, again, other].map(findFrom)).toEqual([
      "[1/2] FROM docker.io/library/busybox:latest",
      "[1/2] FROM docker.io/library/busybox:latest",
      "CACHED [1/2] FROM docker.io/library/busybox:latest",
    ]);
  });

  test("and all steps are forgotten by a prune", async () => {
    const { docker } = await build(DOCKERFILE);
    await docker.asks("POST /v1.51/build/prune?all=1");
    const { steps } = await build(DOCKERFILE, {}, { docker });
    expect(steps.some((step) => step.startsWith("CACHED"))).toBe(false);
  });
});

describe("a build", () => {
  test("leaves the cache of some stages aside", async () => {
    const dockerfile = "FROM busybox AS one\nRUN echo 1 > /1\nFROM busybox AS two\nRUN echo 2\nCOPY --from=one /1 /";
    const { docker } = await build(dockerfile);
    const { log, steps } = await build(dockerfile, { options: { "no-cache": "two" } }, { docker });
    expect(log).toBe("2\n");
    expect(steps).toContain("CACHED [one 2/2] RUN echo 1 > /1");
  });

  test("takes folders of the client for names", async () => {
    const { steps, log } = await build("FROM busybox\nCOPY --from=extra a.txt /\nRUN cat /a.txt", {
      options: { "context:extra": "local:extra" },
    });
    expect(log).toBe("a\n");
    expect(steps).toContain("[context extra] load from client");
  });

  test("takes images for names", async () => {
    const { steps } = await build("FROM base\nRUN true", { options: { "context:base": "docker-image://busybox" } });
    expect(steps).toContain("[context base] load metadata for busybox");
    expect(steps).toContain("[2/2] RUN true".replace("2/2", "1/2"));
  });

  test("adds hosts", async () => {
    const options = { "add-hosts": "own.host=10.1.2.3" };
    const { log } = await build("FROM busybox\nRUN grep own.host /etc/hosts", { options });
    expect(log).toMatch(/^10\.1\.2\.3\s+own\.host\n$/);
  });

  test.each([
    ["COPY --chmod=u=rwx,go= a.txt /x\nRUN ls -l /x | cut -c1-10", "-rwx------\n"],
    ["COPY --exclude=*.log src /s/\nRUN ls /s", "b.txt\n"],
    ["COPY --chown=no-such-user a.txt /x\nRUN stat -c %u /x", "0\n"],
    ["RUN <<EOF\n#!/bin/cat\ntext\nEOF", "#!/bin/cat\ntext\n"],
    ["RUN --network=none echo $0", "/bin/sh\n"],
  ])("runs %j", async (lines, printed) => {
    const { log, status } = await build(`FROM busybox\n${lines}\n`);
    expect([status.message, log]).toEqual(["", printed]);
  });
});

test("a health check has no times of the one before it", async () => {
  const { docker } = await build("FROM busybox\nHEALTHCHECK --interval=5s CMD a\nHEALTHCHECK --retries=2 CMD b");
  const { json } = await docker.asks("GET /v1.51/images/demo:1/json");
  expect(json.Config.Healthcheck).toEqual({ Test: ["CMD-SHELL", "b"], Retries: 2 });
});

describe("an agent of ssh", () => {
  const USING = "FROM busybox\nRUN --mount=type=ssh test -S $SSH_AUTH_SOCK && echo $SSH_AUTH_SOCK";

  test("has a socket where the client has one", async () => {
    expect((await build(USING, {}, { hasAgent: true })).log).toBe("/run/buildkit/ssh_agent.0\n");
    expect((await build(USING)).status.message).toContain("exit code: 1");
  });

  test("is missing where a step requires it", async () => {
    const { status, blamed } = await build("FROM busybox\nRUN --mount=type=ssh,required true");
    expect([status.message, blamed]).toEqual(["unset ssh forward key default", [2, 2]]);
  });
});

describe("the frontend refuses", () => {
  test.each([
    ["FROM busybox\nRUN <<EOF\nx", [2, 3], "unterminated heredoc"],
    ["# a\n# b", [2, 2], "file with no instructions"],
    ["RUN true", [1, 1], "no build stage in current context"],
    ["FROM busybox AS a\nCOPY --from=a /x /", [2, 2], "circular dependency detected on stage: a"],
    [
      "FROM busybox AS a\nCOPY --from=b /x /\nFROM busybox AS b\nCOPY --from=a /x /",
      [4, 4],
      "circular dependency detected on stage: a",
    ],
    [
      "FROM Busybox",
      [1, 1],
      'failed to parse stage name "Busybox": invalid reference format: repository name (library/Busybox) must be lowercase',
    ],
    [
      "FROM busybox\nCOPY --chmood=1 a.txt /",
      [2, 2],
      "dockerfile parse error on line 2: unknown flag: --chmood (did you mean chmod?)",
    ],
    [
      "FROM busybox\nCOPY --chmod=1 --chmod=2 a.txt /",
      [2, 2],
      "dockerfile parse error on line 2: duplicate flag specified: --chmod",
    ],
    [
      "FROM busybox\nCOPY --chmod=999 a.txt /",
      [2, 2],
      "invalid chmod parameter: '999'. it should be octal string and between 0 and 07777",
    ],
    ["FROM busybox\nCOPY http://a/b /", [2, 2], "source can't be a URL for COPY"],
    ["FROM busybox\nRUN --network=mesh true", [2, 2], 'dockerfile parse error on line 2: invalid network mode "mesh"'],
    ["FROM busybox\nRUN --mount=type=magic true", [2, 2], 'unsupported mount type "magic"'],
    [
      "FROM busybox\nRUN --mount=type=cache,tarjet=/x true",
      [2, 2],
      "unexpected key 'tarjet' in 'tarjet=/x' (did you mean target?)",
    ],
    ["FROM busybox\nRUN --mount=type=cache true", [2, 2], 'invalid mount target "/"'],
    ["FROM busybox\nRUN --mount=type=bind,target=/x,mode=1 true", [2, 2], 'mode not allowed for "bind" type mounts'],
    ["FROM busybox\nEXPOSE 80/xyz", [2, 2], 'invalid port: "80/xyz": invalid proto: xyz'],
    ["FROM busybox\nENV A=1 B", [2, 2], 'Syntax error - can\'t find = in "B". Must be of the form: name=value'],
    [
      "FROM busybox\nADD http://127.0.0.1:9/x /",
      undefined,
      'failed to load cache key: Get "http://127.0.0.1:9/x": dial tcp 127.0.0.1:9: connect: connection refused',
    ],
    [
      "FROM busybox\nUSER no-such-user\nRUN id",
      [3, 3],
      'process "/bin/sh -c id" did not complete successfully: unable to find user no-such-user: no matching entries in passwd file',
    ],
  ])("%j", async (dockerfile, lines, message) => {
    const { status, blamed } = await build(`${dockerfile}\n`);
    expect(status.message).toBe(message);
    expect(blamed).toEqual(lines);
  });

  test("a target, and names the nearest", async () => {
    const { status } = await build("FROM busybox AS base", { options: { target: "bass" } });
    expect(status.message).toBe('target stage "bass" could not be found (did you mean base?)');
  });

  test("an output that BuildKit does not have", async () => {
    const { status } = await build("FROM busybox", { exporter: { Type: "magic" } });
    expect(status.message).toBe('exporter "magic" could not be found');
  });
});
