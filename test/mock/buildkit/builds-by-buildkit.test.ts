import { describe, expect, test } from "vitest";
import { MockedDaemon } from "../../playbook/mocked.ts";
import { packTar } from "../../playbook/tarred.ts";
import { BuildClient, type BuildOutcome, type BuildRequest, openSession } from "./build-client.ts";
import { ClientSession } from "./client-session.ts";

const PLAIN = "FROM busybox\nARG WHO=world\nWORKDIR /app\nCOPY app.txt .\nRUN cat app.txt && echo $WHO > out.txt\n";
const FILES = { Dockerfile: PLAIN, "app.txt": "app\n", "junk.log": "x", ".dockerignore": "*.log\n# no\n" };
const NAMED: BuildRequest = { exporter: { Type: "moby", Attrs: { name: "demo:1,other" } } };

async function build(
  dockerfile: string,
  request: BuildRequest = NAMED,
  docker = new MockedDaemon({ engine: "28" }),
): Promise<BuildOutcome & { docker: MockedDaemon; session: ClientSession }> {
  const client = await BuildClient.open(docker);
  const session = new ClientSession(
    { ...FILES, Dockerfile: dockerfile, "sub/b": "b\n" },
    { secrets: { tok: "secret" } },
  );
  return { ...(await client.build(session, request)), docker, session };
}

async function runScript(docker: MockedDaemon, script: string): Promise<string> {
  return docker.readsLogs(await docker.runs(script, { Image: "demo:1" }));
}

describe("a build", () => {
  test("reads the context, runs each step, and leaves an image and nothing else", async () => {
    const { status, answer, steps, log, docker, session } = await build(PLAIN);
    expect(status).toEqual({ code: 0, message: "" });
    const context = "[internal] load build context";
    expect(steps).toContain(context);
    expect(steps.filter((step) => step !== context)).toEqual([
      "[internal] load build definition from Dockerfile",
      "[internal] load metadata for docker.io/library/busybox:latest",
      "[internal] load .dockerignore",
      "[1/4] FROM docker.io/library/busybox:latest",
      "[2/4] WORKDIR /app",
      "[3/4] COPY app.txt .",
      "[4/4] RUN cat app.txt && echo world > out.txt",
      "exporting to image",
    ]);
    expect(log).toBe("app\n");
    expect(session.calls).toEqual([
      "FileSync/DiffCopy followpaths=Dockerfile followpaths=Dockerfile.dockerignore followpaths=dockerfile dir-name=dockerfile",
      "FileSync/DiffCopy followpaths=.dockerignore dir-name=context",
      "FileSync/DiffCopy exclude-patterns=*.log followpaths=app.txt dir-name=context",
    ]);
    const { id } = docker.engine.images.find("demo:1");
    expect(answer.ExporterResponse).toEqual({
      "containerimage.config.digest": id,
      "containerimage.digest": id,
      "image.name": "docker.io/library/demo:1,docker.io/library/other",
    });
    expect([...docker.engine.images].filter(({ tags }) => tags.length === 0)).toEqual([]);
    expect(docker.engine.containers.size).toBe(0);
    expect(await runScript(docker, "cat out.txt; ls")).toBe("world\napp.txt\nout.txt\n");
  });

  test("of the same is the same image, from the cache", async () => {
    const { docker, answer } = await build(PLAIN);
    const again = await build(PLAIN, NAMED, docker);
    expect(again.steps.filter((step) => step.startsWith("CACHED"))).toHaveLength(3);
    expect(again.answer).toEqual(answer);
    const fresh = await build(PLAIN, { ...NAMED, options: { "no-cache": "" } }, docker);
    expect(fresh.steps.filter((step) => step.startsWith("CACHED"))).toEqual([
      "CACHED [1/4] FROM docker.io/library/busybox:latest",
    ]);
  });

  test("of the same labels in another order is the same image", async () => {
    const labels = (...names: readonly string[]) => ({
      ...NAMED,
      options: Object.fromEntries(names.map((name) => [`label:${name}`, "x"])),
    });
    const { docker, answer } = await build(PLAIN, labels("a", "b", "c"));
    expect((await build(PLAIN, labels("c", "a", "b"), docker)).answer).toEqual(answer);
  });

  test("says in the image's comment what made it", async () => {
    const { docker } = await build(PLAIN);
    const { json } = await docker.asks("GET /v1.51/images/demo:1/json");
    expect(json.Comment).toBe("buildkit.dockerfile.v0");
  });

  test("takes arguments, labels and a target", async () => {
    const { docker, steps } = await build(
      `${PLAIN.replace("busybox", "busybox AS app")}FROM scratch AS unused\nCOPY nope /\n`,
      {
        ...NAMED,
        options: { target: "app", "build-arg:WHO": "moon", "label:a": "b" },
      },
    );
    expect(steps).toContain("[app 4/4] RUN cat app.txt && echo moon > out.txt");
    expect(await runScript(docker, "cat out.txt")).toBe("moon\n");
    const { json } = await docker.asks("GET /v1.51/images/demo:1/json");
    expect(json.Config.Labels).toEqual({ a: "b" });
    expect(json.Config.WorkingDir).toBe("/app");
    const history = await docker.asks("GET /v1.51/images/demo:1/history");
    expect(history.json.map(({ CreatedBy }: { CreatedBy: string }) => CreatedBy).slice(0, 4)).toEqual([
      "RUN |1 WHO=moon /bin/sh -c cat app.txt && echo $WHO > out.txt # buildkit",
      "COPY app.txt . # buildkit",
      "WORKDIR /app",
      "ARG WHO=moon",
    ]);
  });

  test.each([
    [
      "stages",
      "FROM busybox AS one\nRUN echo 1 > /1\nFROM busybox\nCOPY --from=one --chmod=700 --link /1 /x/",
      "ls -l /x/1 | cut -c1-10; cat /x/1",
      "-rwx------\n1\n",
    ],
    ["a heredoc that runs", "FROM busybox\nRUN <<EOF\necho a > /a\necho b >> /a\nEOF", "cat /a", "a\nb\n"],
    ["a heredoc that the shell reads", "FROM busybox\nENV A=1\nRUN cat <<EOF > /a\n$A\nEOF", "cat /a", "1\n"],
    [
      "heredocs that are files",
      'FROM busybox\nENV A=1\nCOPY <<x <<-"y" /d/\n$A\nx\n\t$A\ny',
      "cat /d/x /d/y",
      "1\n$A\n",
    ],
    [
      "a secret",
      "FROM busybox\nRUN --mount=type=secret,id=tok cat /run/secrets/tok > /a",
      "cat /a; [ -e /run ] || echo gone",
      "secretgone\n",
    ],
    ["a secret as a variable", "FROM busybox\nRUN --mount=type=secret,id=tok,env=T echo $T > /a", "cat /a", "secret\n"],
    [
      "a cache",
      "FROM busybox\nRUN --mount=type=cache,target=/c echo 1 > /c/x\nRUN --mount=type=cache,target=/c cat /c/x > /a",
      "cat /a; ls /c",
      "1\nls: /c: No such file or directory\n",
    ],
    [
      "a folder of the context",
      "FROM busybox\nRUN --mount=type=bind,source=sub,target=/s cat /s/b > /a",
      "cat /a",
      "b\n",
    ],
    [
      "the built-in frontend",
      "# syntax=docker/dockerfile:1.7\nFROM busybox\nARG TARGETARCH\nRUN echo $TARGETARCH > /a",
      "cat /a",
      "amd64\n",
    ],
  ])("has %s", async (_what, dockerfile, script, printed) => {
    const { status, docker } = await build(`${dockerfile}\n`);
    expect(status.message).toBe("");
    expect(await runScript(docker, script)).toBe(printed);
  });

  test("pulls an image without keeping it", async () => {
    const { steps, docker } = await build("FROM alpine\nCOPY app.txt /\n");
    expect(steps).toContainEqual(expect.stringMatching(/^\[1\/2\] FROM docker\.io\/library\/alpine:latest@sha256:/));
    expect(docker.engine.images.lookUp("alpine")).toBeUndefined();
  });

  test("gives its files to the client", async () => {
    const dockerfile =
      "FROM busybox AS b\nRUN mkdir /o && echo hi > /o/f && ln -s f /o/l\nFROM scratch\nCOPY --from=b /o /\n";
    const local = await build(dockerfile, { exporter: { Type: "local" } });
    expect([...local.session.exported]).toEqual([
      ["f", "644 hi\n"],
      ["l", "777 -> f"],
    ]);
    expect(local.steps.at(-1)).toBe("exporting to client directory");
    const tar = await build(dockerfile, { exporter: { Type: "tar" } });
    expect(tar.session.tar.toString("latin1")).toContain("hi\n");
    expect(tar.answer).toEqual({});
  });

  test("takes a context that the client uploads", async () => {
    const docker = new MockedDaemon({ engine: "28" });
    const client = await BuildClient.open(docker);
    const session = new ClientSession({}, { upload: packTar({ Dockerfile: PLAIN, "app.txt": "up\n" }) });
    const options = { context: "http://buildkit-session/abc" };
    const { steps, log } = await client.build(session, { options });
    expect(session.calls).toEqual(["Upload/Pull urlpath=/abc urlhost=buildkit-session"]);
    expect(steps.slice(0, 2)).toEqual(["[internal] load remote build context", "copy /context /"]);
    expect(log).toBe("up\n");
  });

  test("shares what runs at the same time with another one", async () => {
    const docker = new MockedDaemon({ engine: "28" });
    const client = await BuildClient.open(docker);
    const session = new ClientSession(FILES);
    const id = await openSession(docker, session);
    const both = ["one", "two"].map((who) => client.buildOn(id, { options: { "build-arg:WHO": who } }));
    const [one, two] = await Promise.all(both);
    expect(session.calls).toHaveLength(3);
    expect([one?.log, two?.log]).toEqual(["app\n", "app\n"]);
  });
});

describe("a build fails", () => {
  test.each([
    [
      "FROM busybox\nRUN echo before; exit 7",
      [2, 2],
      'process "/bin/sh -c echo before; exit 7" did not complete successfully: exit code: 7',
    ],
    ["FROM busybox\nRUNN x", [2, 2], "dockerfile parse error on line 2: unknown instruction: RUNN (did you mean RUN?)"],
    [
      "FROM busybox\n\nCOPY <<EOF nope /\nx\nEOF",
      [3, 5],
      expect.stringMatching(
        /^failed to compute cache key: failed to calculate checksum of ref .*: "\/nope": not found$/,
      ),
    ],
    ["FROM busybox\nRUN --mount=type=secret,id=no,required=true true", [2, 2], "secret no: not found"],
    [
      "FROM no-such-image",
      [1, 1],
      expect.stringContaining(
        "no-such-image:latest: failed to resolve source metadata for docker.io/library/no-such-image:latest: ",
      ),
    ],
    ["FROM busybox\nCOPY --parents a /", [2, 2], "dockerfile parse error on line 2: unknown flag: --parents"],
    ["# syntax=own/frontend\nFROM busybox", undefined, expect.stringContaining("the frontend own/frontend")],
    ["FROM scratch\nRUN true", [2, 2], 'process "/bin/sh -c true" did not complete successfully: exit code: 1'],
  ])("%j", async (dockerfile, lines, message) => {
    const { status, blamed } = await build(`${dockerfile}\n`);
    expect(status).toMatchObject({ code: 2, message });
    expect(blamed).toEqual(lines);
  });

  test.each([
    [{ target: "zz" }, 'target stage "zz" could not be found'],
    [{ filename: "Other" }, "failed to read dockerfile: open Other: no such file or directory"],
    [{ context: "https://github.com/a/b.git" }, /the build context https:\/\/github\.com\/a\/b\.git/],
    [{ platform: "linux/arm64" }, /the platform linux\/arm64/],
  ])("with the options %j", async (options, message) => {
    const { status } = await build(PLAIN, { options: options as Record<string, string> });
    expect(status.message).toMatch(message);
  });

  test("with an output that is not simulated", async () => {
    const { status } = await build(PLAIN, { exporter: { Type: "oci" } });
    expect(status.message).toBe("whalesong's mock does not build with the output type=oci: it has image, local or tar");
  });

  test("when its client goes", async () => {
    const docker = new MockedDaemon({ engine: "28" });
    const client = await BuildClient.open(docker);
    const building = client.build(new ClientSession({ Dockerfile: "FROM busybox\nRUN sleep 1000\n" }), NAMED);
    await docker.passes(1000);
    client.grpc.destroy();
    await building.catch(() => undefined);
    await docker.passes(1000);
    expect(docker.engine.images.lookUp("demo:1")).toBeUndefined();
    expect(docker.faults).toEqual([]);
  });
});

describe("the control API", () => {
  test("says what the builder is", async () => {
    const client = await BuildClient.open(new MockedDaemon({ engine: "28" }));
    const { answer } = await client.call("/moby.buildkit.v1.Control/ListWorkers");
    expect(answer.record).toMatchObject([{ platforms: [{ Architecture: "amd64", OS: "linux" }, {}, {}, {}] }]);
    const info = await client.call("/moby.buildkit.v1.Control/Info");
    expect(info.answer).toMatchObject({ buildkitVersion: { package: "github.com/moby/buildkit" } });
    const traces = await client.call("/opentelemetry.proto.collector.trace.v1.TraceService/Export");
    expect(traces.status.code).toBe(0);
    const content = await client.call("/containerd.services.content.v1.Content/Info");
    expect(content.status).toEqual({
      code: 12,
      message: "unknown method Info for service containerd.services.content.v1.Content",
    });
  });

  test("answers the probe of buildx: a build without a frontend ends at once", async () => {
    const client = await BuildClient.open(new MockedDaemon({ engine: "28" }));
    const solved = client.call("/moby.buildkit.v1.Control/Solve", { Ref: "probe", Session: "none", Internal: true });
    const own = [["buildkit-controlapi-buildid", "probe"]] as const;
    const { answer } = await client.call("/moby.buildkit.v1.frontend.LLBBridge/Ping", {}, own);
    expect(answer.FrontendAPICaps).toContainEqual({ ID: "return", Enabled: true });
    await client.call("/moby.buildkit.v1.frontend.LLBBridge/Return", { result: {} }, own);
    expect(await solved).toEqual({ status: { code: 0, message: "" }, answer: {} });
  });

  test("refuses a client that does not ask for HTTP/2", async () => {
    const docker = new MockedDaemon({ engine: "28" });
    expect((await docker.asks("POST /grpc")).status).toBe(400);
    expect((await docker.asks("POST /session")).status).toBe(400);
  });
});

describe("docker 20.10", () => {
  test("builds by POST /build, and gets JSON lines", async () => {
    const docker = new MockedDaemon();
    const session = new ClientSession(FILES);
    const id = await openSession(docker, session);
    const query = `version=2&remote=client-session&session=${id}&t=demo:1&buildargs=${encodeURIComponent('{"WHO":"sun"}')}`;
    const { text } = await docker.asks(`POST /v1.41/build?${query}`);
    const lines = text
      .trim()
      .split("\r\n")
      .map((line) => JSON.parse(line));
    const image = docker.engine.images.find("demo:1").id;
    expect(lines.filter((line) => line.id !== "moby.buildkit.trace")).toEqual([
      { id: "moby.image.id", aux: { ID: image } },
      { stream: "Successfully tagged demo:1\n" },
    ]);
    expect(await runScript(docker, "cat out.txt")).toBe("sun\n");
  });

  test("sends a tar from stdin in a request of its own", async () => {
    const docker = new MockedDaemon();
    const id = await openSession(docker, new ClientSession({}));
    const body = packTar({ Dockerfile: PLAIN, "app.txt": "app\n" });
    const building = docker.asks(`POST /v1.41/build?version=2&remote=upload-request&buildid=b1&session=${id}&t=demo:1`);
    expect((await docker.sends("POST /v1.41/build?version=2&buildid=upload-request:b1", { body })).status).toBe(200);
    expect((await building).text).toContain("Successfully tagged demo:1");
    expect(await runScript(docker, "cat out.txt")).toBe("world\n");
  });

  test("gets an error as a line", async () => {
    const docker = new MockedDaemon();
    const id = await openSession(docker, new ClientSession({ Dockerfile: "FROM busybox\nRUN exit 7\n" }));
    const { status, text } = await docker.asks(`POST /v1.41/build?version=2&remote=client-session&session=${id}`);
    const message = "executor failed running [/bin/sh -c exit 7]: exit code: 7";
    expect(status).toBe(200);
    expect(JSON.parse(text.trim().split("\r\n").at(-1) as string)).toEqual({
      errorDetail: { message },
      error: message,
    });
  });
});
