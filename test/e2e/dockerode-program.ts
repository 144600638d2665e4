/** What a program written with dockerode does in a day. It says what it heard, one line a fact. */
import { createHash } from "node:crypto";
import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import type Docker from "dockerode";
import { extract, pack } from "tar-stream";

type Say = (what: string, heard: unknown) => void;
type Scene = (docker: Docker, say: Say, registry: string) => Promise<void>;

/** Returns the transcript. */
export async function dockerodeProgram(docker: Docker, registry: string): Promise<string[]> {
  const lines: string[] = [];
  const say: Say = (what, heard) => lines.push(`${what}: ${typeof heard === "string" ? heard : JSON.stringify(heard)}`);
  for (const scene of SCENES) {
    say("scene", scene.name);
    await scene(docker, say, registry);
  }
  return lines;
}

const SCENES: readonly Scene[] = [
  greets,
  errs,
  attaches,
  attachesWithoutUpgrade,
  executes,
  followsLogs,
  watches,
  measures,
  movesFiles,
  builds,
  pullsAndPushes,
  ends,
];

async function greets(docker: Docker, say: Say): Promise<void> {
  say("ping", String(await docker.ping()));
  say("version", await docker.version());
  say("images", await docker.listImages());
}

async function errs(docker: Docker, say: Say): Promise<void> {
  say("inspect", await refusal(docker.getContainer("nobody").inspect()));
  say("attach", await refusal(docker.getContainer("nobody").attach({ stream: true, hijack: true, stdin: true })));
  say("pull", await refusal(docker.pull("nobody.invalid/nothing:1")));
  say("create", await refusal(docker.createContainer({ Image: "nothing:1" })));
  const first = await docker.createContainer({ name: "taken", Image: "busybox", Cmd: ["true"] });
  say("conflict", await refusal(docker.createContainer({ name: "taken", Image: "busybox" })));
  await first.remove();
  say("removed", await refusal(first.remove()));
}

async function attaches(docker: Docker, say: Say): Promise<void> {
  const container = await withStdin(docker, "talking", ["sh", "-c", "cat; echo bye >&2; exit 4"]);
  const stream = await container.attach({ stream: true, hijack: true, stdin: true, stdout: true, stderr: true });
  const [out, err] = demultiplexed(docker, stream);
  const waiting = container.wait({ condition: "next-exit" });
  await container.start();
  stream.write("one\n");
  stream.end("two\n");
  say("stdout", await text(out));
  say("stderr", await text(err));
  say("wait", await waiting);
  say("kill", await refusal(container.kill()));
}

async function attachesWithoutUpgrade(docker: Docker, say: Say): Promise<void> {
  const container = await withStdin(docker, "plain", ["sh", "-c", "head -n 1 | tr a-z A-Z"]);
  const stream = await container.attach({ stream: true, hijack: false, stdin: true, stdout: true, stderr: true });
  await container.start();
  stream.write("shout\n");
  say("frames", (await spoken(stream)).replaceAll("\0", "."));
  say("wait", await container.wait());
}

async function executes(docker: Docker, say: Say): Promise<void> {
  const container = await docker.createContainer({
    name: "host",
    Image: "busybox",
    Hostname: "host",
    Cmd: ["sleep", "600"],
  });
  await container.start();
  say("start again", await refusal(container.start()));
  for (const isTty of [false, true]) {
    const exec = await container.exec({
      Cmd: ["sh", "-c", "read x; echo got $x; exit 3"],
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
      Tty: isTty,
    });
    const stream = await exec.start({ hijack: true, stdin: true, Tty: isTty });
    stream.write("a word\n");
    say(isTty ? "tty" : "stdout", await spoken(isTty ? stream : demultiplexed(docker, stream)[0]));
    const { ExitCode, Running } = await exec.inspect();
    say("exec", { ExitCode, Running });
  }
  say("top", await container.top());
}

async function followsLogs(docker: Docker, say: Say): Promise<void> {
  const container = await docker.createContainer({
    name: "counting",
    Image: "busybox",
    Cmd: ["sh", "-c", "for i in 1 2 3; do echo $i; sleep 0.05; done; echo e >&2"],
  });
  await container.start();
  const [out, err] = demultiplexed(docker, await container.logs({ follow: true, stdout: true, stderr: true }));
  say("followed", await text(out));
  say("followed stderr", await text(err));
  say("at once", (await container.logs({ follow: false, stdout: true, stderr: true })).toString("hex"));
  say("state", (await container.inspect()).State);
}

/** Events, by a client that hangs up when it has heard enough. */
async function watches(docker: Docker, say: Say): Promise<void> {
  const events = (await docker.getEvents({ since: 1, filters: { container: ["watched"] } })) as Readable;
  const container = await docker.createContainer({ name: "watched", Image: "busybox", Cmd: ["true"] });
  await container.start();
  let heard = "";
  for await (const piece of events) {
    heard += String(piece);
    if (heard.includes('"Action":"die"')) break;
  }
  say("events", heard);
  say("wait", await container.wait());
}

async function measures(docker: Docker, say: Say): Promise<void> {
  const container = docker.getContainer("host");
  say("once", await container.stats({ stream: false, "one-shot": true }));
  const stream = (await container.stats({ stream: true })) as Readable;
  for await (const sample of stream) {
    say("first", String(sample));
    break;
  }
}

async function movesFiles(docker: Docker, say: Say): Promise<void> {
  const container = docker.getContainer("host");
  const archive = await tarOf({ "swim/a.txt": "salt\n", "swim/b.bin": Buffer.alloc(100_000, 7) });
  say("put", String(await text(await container.putArchive(archive, { path: "/tmp" }))));
  say("put nowhere", await refusal(container.putArchive(archive, { path: "/nowhere" })));
  say("get", await listed((await container.getArchive({ path: "/tmp/swim" })) as Readable));
  say(
    "stat",
    await (container.infoArchive({ path: "/tmp/swim/a.txt" }) as Promise<{ headers?: unknown }>).then(statOf),
  );
  say("changes", await container.changes());
  say("export", await listed((await container.export()) as Readable).then((names) => names.length));
}

async function builds(docker: Docker, say: Say): Promise<void> {
  const context = { Dockerfile: "FROM busybox\nCOPY a.txt /\nRUN cat /a.txt\n", "a.txt": "in the image\n" };
  say("build", await progress(docker, await docker.buildImage(streamOf(await tarOf(context)), { t: "code:1" })));
  const failing: NodeJS.ReadableStream = await docker.buildImage(
    streamOf(await tarOf({ Dockerfile: "FROM busybox\nRUN exit 5\n" })),
    { t: "code:2" },
  );
  say("failing", await refusal(progress(docker, failing)));
}

async function pullsAndPushes(docker: Docker, say: Say, registry: string): Promise<void> {
  const repo = `${registry}/code`;
  await docker.getImage("code:1").tag({ repo, tag: "1" });
  const authconfig = { username: "whale", password: "s3cret-tide", serveraddress: registry };
  say("push", await progress(docker, await docker.getImage(`${repo}:1`).push({ authconfig })));
  for (const name of [`${repo}:1`, "code:1"]) say("remove", await docker.getImage(name).remove());
  say("pull", await progress(docker, await docker.pull(`${repo}:1`, { authconfig })));
  say("inspect", await docker.getImage(`${repo}:1`).inspect());
}

async function ends(docker: Docker, say: Say): Promise<void> {
  const host = docker.getContainer("host");
  await host.kill({ signal: "KILL" });
  say("wait", await host.wait());
  for (const name of ["host", "talking", "plain", "counting", "watched"])
    await docker.getContainer(name).remove({ force: true, v: true });
  say("left", await docker.listContainers({ all: true, filters: { name: ["host", "talking"] } }));
}

function withStdin(docker: Docker, name: string, command: string[]): Promise<Docker.Container> {
  const attached = { AttachStdin: true, AttachStdout: true, AttachStderr: true, OpenStdin: true, StdinOnce: true };
  return docker.createContainer({ name, Image: "busybox", Cmd: command, ...attached });
}

function demultiplexed(docker: Docker, stream: NodeJS.ReadableStream): readonly [PassThrough, PassThrough] {
  const [out, err] = [new PassThrough(), new PassThrough()];
  docker.modem.demuxStream(stream, out, err);
  stream.on("end", () => {
    out.end();
    err.end();
  });
  return [out, err];
}

/** dockerode's duplexes end for their listeners, but not for who iterates over them. */
function spoken(stream: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = "";
    stream.on("data", (piece: Buffer) => {
      heard += piece.toString();
    });
    stream.on("end", () => resolve(heard)).on("error", reject);
  });
}

async function refusal(promise: Promise<unknown>): Promise<string> {
  try {
    return `went well: ${JSON.stringify(await promise)}`;
  } catch (error) {
    const { statusCode, message } = error as { statusCode?: number; message: string };
    return `${statusCode ?? ""} ${message}`;
  }
}

function progress(docker: Docker, stream: NodeJS.ReadableStream): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    docker.modem.followProgress(stream, (error, said) => (error === null ? resolve(said) : reject(error)));
  });
}

async function tarOf(files: Readonly<Record<string, string | Buffer>>): Promise<Buffer> {
  const tar = pack();
  for (const [name, content] of Object.entries(files)) tar.entry({ name, mtime: new Date(0) }, content);
  tar.finalize();
  const pieces: Buffer[] = [];
  for await (const piece of tar) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

function streamOf(bytes: Buffer): Readable {
  return Readable.from([bytes]);
}

async function listed(tar: Readable): Promise<string[]> {
  const entries: string[] = [];
  for await (const entry of tar.pipe(extract() as never) as unknown as ReturnType<typeof extract>) {
    const hash = createHash("sha256");
    for await (const piece of entry) hash.update(piece as Buffer);
    entries.push(`${entry.header.name} ${entry.header.size} ${hash.digest("hex").slice(0, 12)}`);
  }
  return entries;
}

function statOf(answer: { headers?: unknown }): unknown {
  return (answer.headers as Record<string, unknown> | undefined)?.["x-docker-container-path-stat"] ?? answer;
}
