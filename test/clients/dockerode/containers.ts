import type { Duplex, Readable } from "node:stream";
import {
  type Cases,
  call,
  catchRefusal,
  listNames,
  NOTE,
  readFirst,
  readFrames,
  readStream,
  readText,
  tarOf,
  withContainer,
  withRunning,
} from "./case.ts";

const TALKING = { AttachStdin: true, AttachStdout: true, AttachStderr: true, OpenStdin: true, StdinOnce: true };
const SPEAKING = { Cmd: ["sh", "-c", "echo out; echo err >&2; exit 3"] };

export const CONTAINERS: Cases = {
  "createContainer, inspect, remove": (docker) =>
    withContainer(docker, { name: "made", Cmd: ["true"], Env: ["SEA=salt"] }, async (container) => {
      const { Name, State, Config } = await container.inspect();
      return { Name, Status: State.Status, Env: Config.Env };
    }),
  "createContainer of an image that is not there": (docker) =>
    catchRefusal(docker.createContainer({ Image: "nothing:1", Cmd: ["true"] })),
  "createContainer with a name that is taken": (docker) =>
    withContainer(docker, { name: "taken" }, () =>
      catchRefusal(docker.createContainer({ name: "taken", Image: "busybox" })),
    ),
  "inspect of nobody": (docker) => catchRefusal(docker.getContainer("nobody").inspect()),
  listContainers: (docker) =>
    withRunning(docker, "listed", async () => {
      const filters = { name: ["listed"] };
      const found = await docker.listContainers({ all: true, size: true, filters });
      return found.map(({ Names, State, Command }) => ({ Names, State, Command }));
    }),
  start: (docker) =>
    withContainer(docker, { name: "started", Cmd: ["sleep", "600"] }, async (container) => {
      await container.start();
      return [(await container.inspect()).State.Status, await catchRefusal(container.start())];
    }),
  stop: (docker) =>
    withRunning(docker, "stopped", async (container) => {
      await container.stop({ t: 0 });
      return [(await container.inspect()).State.ExitCode, await catchRefusal(container.stop())];
    }),
  restart: (docker) =>
    withRunning(docker, "restarted", async (container) => {
      await container.restart({ t: 0 });
      return (await container.inspect()).State.Running;
    }),
  kill: (docker) =>
    withRunning(docker, "killed", async (container) => {
      await container.kill({ signal: "KILL" });
      return [await container.wait(), await catchRefusal(container.kill())];
    }),
  "pause, unpause": (docker) =>
    withRunning(docker, "paused", async (container) => {
      await container.pause();
      const { Paused } = (await container.inspect()).State;
      await container.unpause();
      return [Paused, (await container.inspect()).State.Paused];
    }),
  wait: (docker) =>
    withContainer(docker, { name: "waited-for", ...SPEAKING }, async (container) => {
      const waiting = container.wait({ condition: "next-exit" });
      await container.start();
      return waiting;
    }),
  rename: (docker) =>
    withContainer(docker, { name: "old-name" }, async (container) => {
      await container.rename({ name: "new-name" });
      return (await docker.getContainer("new-name").inspect()).Name;
    }),
  update: (docker) =>
    withRunning(docker, "updated", async (container) => {
      const answer = await container.update({ CpuShares: 512 });
      return [answer, (await container.inspect()).HostConfig.CpuShares];
    }),
  top: (docker) => withRunning(docker, "topped", async (container) => (await container.top()).Titles),
  changes: (docker) =>
    withContainer(docker, { name: "changed", Cmd: ["touch", "/whale"] }, async (container) => {
      await container.start();
      await container.wait();
      return container.changes();
    }),
  logs: (docker) =>
    withContainer(docker, { name: "logged", ...SPEAKING }, async (container) => {
      await container.start();
      await container.wait();
      return (await container.logs({ follow: false, stdout: true, stderr: true, timestamps: false })).toString("hex");
    }),
  "logs, followed": (docker) =>
    withContainer(docker, { name: "followed", ...SPEAKING }, async (container) => {
      await container.start();
      return readFrames(await container.logs({ follow: true, stdout: true, stderr: true }));
    }),
  "logs of a terminal, followed": (docker) =>
    withContainer(docker, { name: "terminal", Tty: true, ...SPEAKING }, async (container) => {
      await container.start();
      return readStream(await container.logs({ follow: true, stdout: true, stderr: true }));
    }),
  "attach, with stdin and a half-close": (docker) =>
    withContainer(
      docker,
      { name: "talking", ...TALKING, Cmd: ["sh", "-c", "cat; echo bye >&2"] },
      async (container) => {
        const how = { stream: true, hijack: true, stdin: true, stdout: true, stderr: true };
        const stream = (await container.attach(how)) as Duplex;
        const waiting = container.wait({ condition: "next-exit" });
        await container.start();
        const heard = await readText(stream, "one\ntwo\n", readFrames);
        return [heard, await waiting];
      },
    ),
  "attach without Upgrade": (docker) =>
    withContainer(
      docker,
      { name: "plain", ...TALKING, Cmd: ["sh", "-c", "head -n 1 | tr a-z A-Z"] },
      async (container) => {
        const how = { stream: true, hijack: false, stdin: true, stdout: true, stderr: true };
        const stream = (await container.attach(how)) as Duplex;
        await container.start();
        stream.write("shout\n");
        return [await readFrames(stream), await container.wait()];
      },
    ),
  "attach to nobody": (docker) =>
    catchRefusal(docker.getContainer("nobody").attach({ stream: true, hijack: true, stdin: true })),
  "attach to a terminal, resize": (docker) =>
    withContainer(
      docker,
      { name: "resized", ...TALKING, Tty: true, Cmd: ["sh", "-c", "read x; echo got $x"] },
      async (container) => {
        const how = { stream: true, hijack: true, stdin: true, stdout: true, stderr: true };
        const stream = (await container.attach(how)) as Duplex;
        await container.start();
        await container.resize({ h: 40, w: 120 });
        const heard = readStream(stream);
        stream.write("a word\n");
        return heard;
      },
    ),
  run: async (docker) => {
    const [output, container] = (await docker.run("busybox", ["echo", "ran"], [] as never, { name: "run" })) as [
      { StatusCode: number },
      { remove(): Promise<void> },
    ];
    await container.remove();
    return output;
  },
  "stats, once": (docker) =>
    withRunning(
      docker,
      "measured",
      async (container) => (await container.stats({ stream: false, "one-shot": true })).name,
    ),
  "stats, until the client has seen enough": (docker) =>
    withRunning(docker, "measuring", async (container) => {
      const { name } = JSON.parse(await readFirst((await container.stats({ stream: true })) as Readable));
      return name;
    }),
  putArchive: (docker) =>
    withContainer(docker, { name: "put" }, async (container) => {
      const tar = await tarOf({ "swim/a.txt": "salt\n", "swim/b.bin": Buffer.alloc(40_000, 7) });
      return String(await container.putArchive(tar, { path: "/tmp" }));
    }),
  "putArchive where nothing is": (docker) =>
    withContainer(docker, { name: "put-nowhere" }, async (container) =>
      catchRefusal(container.putArchive(await tarOf({ a: "b" }), { path: "/nowhere" })),
    ),
  getArchive: (docker) =>
    withContainer(docker, { name: "got" }, async (container) => {
      await container.putArchive(await tarOf({ "swim/a.txt": "salt\n" }), { path: "/tmp" });
      return listNames(await container.getArchive({ path: "/tmp/swim" }));
    }),
  infoArchive: (docker) =>
    withContainer(docker, { name: "stat" }, async (container) => {
      const { statusCode } = (await container.infoArchive({ path: "/bin/sh" })) as { statusCode?: number };
      return [statusCode, await catchRefusal(container.infoArchive({ path: "/nothing" }))];
    }),
  "copy, which daemons have forgotten": (docker) =>
    withContainer(docker, { name: "copied" }, (container) =>
      catchRefusal(call(container, "copy", { Resource: "/bin/sh" })),
    ),
  export: (docker) =>
    withContainer(docker, { name: "exported", Image: NOTE, Cmd: ["none"] }, async (container) =>
      (await listNames(await container.export())).filter((entry) => entry.startsWith("note.txt")),
    ),
  commit: (docker) =>
    withContainer(docker, { name: "committed", Cmd: ["touch", "/whale"] }, async (container) => {
      await container.start();
      await container.wait();
      const { Id } = await container.commit({ repo: "committed", tag: "1", comment: "whale" });
      const { Comment } = await docker.getImage(Id).inspect();
      await docker.getImage(Id).remove({ force: true });
      return Comment;
    }),
  listCheckpoint: (docker) =>
    withContainer(docker, { name: "point-1" }, (container) => catchRefusal(call(container, "listCheckpoint", {}))),
  createCheckpoint: (docker) =>
    withContainer(docker, { name: "point-2" }, (container) =>
      catchRefusal(call(container, "createCheckpoint", { checkpointId: "here" })),
    ),
  deleteCheckpoint: (docker) =>
    withContainer(docker, { name: "point-3" }, (container) =>
      catchRefusal(call(container, "deleteCheckpoint", "here", {})),
    ),
  pruneContainers: async (docker) => {
    await docker.createContainer({ name: "pruned", Image: "busybox", Labels: { prune: "me" } });
    const { ContainersDeleted } = await docker.pruneContainers({ filters: { label: ["prune=me"] } });
    return ContainersDeleted.length;
  },
  "exec, start with stdin, inspect": (docker) =>
    withRunning(docker, "exec", async (container) => {
      const attached = { AttachStdin: true, AttachStdout: true, AttachStderr: true };
      const exec = await container.exec({ ...attached, Cmd: ["sh", "-c", "read x; echo got $x; exit 3"] });
      const stream = await exec.start({ hijack: true, stdin: true });
      const heard = readFrames(stream);
      stream.write("a word\n");
      const { out } = await heard;
      const { ExitCode, Running } = await exec.inspect();
      return { out, ExitCode, Running };
    }),
  "exec on a terminal, resize": (docker) =>
    withRunning(docker, "exec-tty", async (container) => {
      const attached = { AttachStdin: true, AttachStdout: true, AttachStderr: true, Tty: true };
      const exec = await container.exec({ ...attached, Cmd: ["sh", "-c", "read x; echo got $x"] });
      const stream = await exec.start({ hijack: true, stdin: true, Tty: true });
      const heard = readStream(stream);
      await exec.resize({ h: 24, w: 80 });
      stream.write("a word\n");
      return heard;
    }),
  "exec without Upgrade": (docker) =>
    withRunning(docker, "exec-plain", async (container) => {
      const exec = await container.exec({ AttachStdout: true, Cmd: ["echo", "plain"] });
      return readFrames(await exec.start({}));
    }),
  "exec, detached": (docker) =>
    withRunning(docker, "exec-away", async (container) => {
      const exec = await container.exec({ Cmd: ["true"] });
      return readStream(await exec.start({ Detach: true }));
    }),
  "exec in nobody": (docker) => catchRefusal(docker.getContainer("nobody").exec({ Cmd: ["true"] })),
};
