import { describe, expect, test } from "vitest";
import { request } from "../../playbook/http.ts";
import { MockedDaemon } from "../../playbook/mocked.ts";
import { waitForQuiet } from "../../playbook/quiet.ts";
import { packTar } from "../../playbook/tarred.ts";

const CONTEXT = { "a.txt": "one\n", "sub/b.txt": "two\n", "inner.tar": packTar({ "c/d": "three\n" }) };

interface Built {
  readonly status: number;
  /** The text of the messages, with `<id>` for ids. */
  readonly output: string;
  readonly error: { readonly message: string; readonly code?: number } | undefined;
}

async function build(docker: MockedDaemon, query: string, ...dockerfile: readonly string[]): Promise<Built> {
  const body = packTar({ ...CONTEXT, Dockerfile: dockerfile.join("\n") });
  const { status, text, json } = await docker.sends(`POST /v1.41/build?rm=1&${query}`, { body });
  if (status !== 200) return { status, output: "", error: json };
  const messages = text
    .split("\r\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
  const output = messages.map(({ stream = "" }) => stream).join("");
  return {
    status,
    output: output.replace(/\b[0-9a-f]{12}\b/g, "<id>"),
    error: messages.find(({ errorDetail }) => errorDetail !== undefined)?.errorDetail,
  };
}

async function runScript(docker: MockedDaemon, Image: string, script: string): Promise<string> {
  return docker.readsLogs(await docker.runs(script, { Image }));
}

test.each(["COPY --chmod=755 a.txt /x", "ADD --chmod=755 a.txt /x", "RUN --mount=type=cache,target=/c true"])(
  "%s is read, and refused without BuildKit",
  async (line) => {
    const { output, error } = await build(new MockedDaemon(), "t=web", "FROM busybox", line);
    const flag = /--(\w+)/.exec(line)?.[1];
    expect(output).toContain(`Step 2/2 : ${line}\n`);
    expect(error?.message).toMatch(
      `the --${flag} option requires BuildKit. Refer to https://docs.docker.com/go/buildkit/`,
    );
  },
);

describe("a Dockerfile is built", () => {
  test("step by step, and from the cache the second time", async () => {
    const docker = new MockedDaemon();
    const lines = ["FROM busybox", "ENV A=1", "RUN echo hi > /hi; echo $A", "COPY a.txt /x/"];
    expect((await build(docker, "t=web", ...lines)).output).toBe(
      [
        "Step 1/4 : FROM busybox",
        " ---> <id>",
        "Step 2/4 : ENV A=1",
        " ---> Running in <id>",
        "Removing intermediate container <id>",
        " ---> <id>",
        "Step 3/4 : RUN echo hi > /hi; echo $A",
        " ---> Running in <id>",
        "1",
        "Removing intermediate container <id>",
        " ---> <id>",
        "Step 4/4 : COPY a.txt /x/",
        " ---> <id>",
        "Successfully built <id>",
        "Successfully tagged web:latest\n",
      ].join("\n"),
    );
    const { id } = docker.engine.images.find("web");
    const again = await build(docker, "t=web&t=also:2", ...lines);
    expect(again.output.match(/Using cache/g)).toHaveLength(3);
    expect(docker.engine.images.find("also:2").id).toBe(id);
    expect(await runScript(docker, "web", "cat /hi /x/a.txt")).toBe("hi\none\n");
    const changed = await build(docker, "nocache=1", ...lines);
    expect(changed.output).not.toContain("Using cache");
    expect(docker.engine.containers.size).toBe(1);
  });

  test("in several stages, with arguments and labels", async () => {
    const docker = new MockedDaemon();
    const query = 'buildargs={"X":"4","Y":"1"}&labels={"l":"1"}&t=web';
    const { output } = await build(
      docker,
      encodeURI(query),
      "ARG T=latest",
      "FROM busybox:$T AS base",
      "ARG X=3",
      "RUN echo $X > /x",
      "FROM busybox",
      "COPY --from=base /x /from/name",
      "COPY --from=0 --chown=1:2 /x /from/number",
    );
    expect(output).toContain("[Warning] One or more build-args [Y] were not consumed\n");
    expect(await runScript(docker, "web", "cat /from/name; stat -c %u:%g /from/number")).toBe("4\n1:2\n");
    const { json } = await docker.asks("GET /v1.41/images/web/json");
    expect(json.Config.Labels).toEqual({ l: "1" });
  });

  test.each([
    ["COPY sub /to", "cat /to/b.txt", "two\n"],
    ["COPY a.txt sub/*.txt /to/", "cat /to/a.txt /to/b.txt", "one\ntwo\n"],
    ["COPY a.txt /to", "cat /to", "one\n"],
    ["COPY inner.tar /to/", "ls /to", "inner.tar\n"],
    ["ADD inner.tar /to", "cat /to/c/d", "three\n"],
    ["ADD http://tide.example/page /to/", "cat /to/page", "page"],
    ["WORKDIR /w\nWORKDIR x\nCOPY a.txt .", "pwd; cat a.txt", "/w/x\none\n"],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the builder puts it in
    ["ENV A=${B:-b} C='$x'\nENV OLD a  b", 'echo "$A $C $OLD"', "b $x a  b\n"],
    ['SHELL ["/bin/sh", "-ec"]\nRUN false || echo ok > /ok', "cat /ok", "ok\n"],
    ['RUN ["sh", "-c", "echo json > /j"]', "cat /j", "json\n"],
    ["USER nobody", "id -un", "nobody\n"],
    ["RUN echo a \\\n# between\n  b > /ab", "cat /ab", "a b\n"],
  ])("%s", async (lines, script, printed) => {
    const docker = new MockedDaemon({ pages: { "http://tide.example/page": "page" } });
    const { error } = await build(docker, "t=web", "FROM busybox", lines);
    expect(error).toBeUndefined();
    expect(await runScript(docker, "web", script)).toBe(printed);
  });

  test("on an image with triggers", async () => {
    const docker = new MockedDaemon();
    await build(docker, "t=base", "FROM busybox", "ONBUILD COPY a.txt /q", "ONBUILD RUN cat /q");
    const { output } = await build(docker, "t=web", "FROM base");
    expect(output).toContain("# Executing 2 build triggers\n ---> Running in <id>\none\n");
  });

  test("on an image that it has to pull", async () => {
    const docker = new MockedDaemon();
    expect((await build(docker, "", "FROM alpine:3")).error).toBeUndefined();
    expect(docker.engine.images.lookUp("alpine:3")).toBeDefined();
  });

  test("quietly", async () => {
    const docker = new MockedDaemon();
    const { output } = await build(docker, "q=1", "FROM busybox", "ENV A=1");
    expect(output).toMatch(/^sha256:[0-9a-f]{64}\n$/);
  });
});

describe("a build fails", () => {
  test.each([
    ["RUN exit 3", "The command '/bin/sh -c exit 3' returned a non-zero code: 3"],
    [
      "COPY nosuch /",
      "COPY failed: file not found in build context or excluded by .dockerignore: stat nosuch: file does not exist",
    ],
    ["COPY *.nosuch /", "COPY failed: no source files were specified"],
    ["COPY ../a /", "COPY failed: forbidden path outside the build context: ../a ()"],
    ["EXPOSE x", "Invalid containerPort: x"],
    ["STOPSIGNAL NOPE", "Invalid signal: NOPE"],
    ["ADD http://tide.example/ /x", /no such host$/],
    ["COPY --from=nosuch /a /b", /^invalid from flag value nosuch: pull access denied/],
  ])("in the middle: %s", async (line, message) => {
    const { status, error } = await build(new MockedDaemon(), "", "FROM busybox", line);
    expect(status).toBe(200);
    expect(error?.message).toEqual(typeof message === "string" ? message : expect.stringMatching(message));
  });

  test.each([
    ["", "the Dockerfile (Dockerfile) cannot be empty"],
    ["# only", "failed to parse Dockerfile: file with no instructions"],
    ["RUN x", "no build stage in current context"],
    ["FROM busybox\nNOSUCH x", "dockerfile parse error line 2: unknown instruction: NOSUCH"],
    ["FROM busybox\n\nENV", "dockerfile parse error line 3: ENV requires at least one argument"],
    ["FROM busybox\nENV A", "failed to parse Dockerfile: ENV must have two arguments"],
    ["FROM busybox AS 0a", /invalid name for build stage: "0a"/],
  ])("before it begins: %j", async (dockerfile, message) => {
    const { status, error } = await build(new MockedDaemon(), "", dockerfile);
    expect(status).toBe(400);
    expect(error?.message).toEqual(typeof message === "string" ? message : expect.stringMatching(message));
  });

  test("when its client leaves: the container is killed, and there is no image", async () => {
    const docker = new MockedDaemon();
    const client = docker.client();
    const body = packTar({ Dockerfile: "FROM busybox\nRUN sleep 600" });
    await client.sends(request("POST /v1.41/build?t=web", { body }));
    await client.hearsUpTo("Running in");
    await waitForQuiet();
    await client.breaksOff();
    await docker.passes(100);
    expect([...docker.engine.containers].map(({ state }) => state.exitCode)).toEqual([137]);
    expect(docker.engine.images.lookUp("web")).toBeUndefined();
    expect(docker.faults).toEqual([]);
  });
});

test.each([
  ["what is no tar", Buffer.from("garbage")],
  ["gzip that breaks off", Buffer.from([0x1f, 0x8b, 8, 0])],
])("a context of %s is refused as dockerd does", async (_what, body) => {
  const { status, json } = await new MockedDaemon().sends("POST /v1.41/build", { body });
  expect([status, json]).toEqual([500, { message: "unexpected EOF" }]);
});
