/**
 * A session as a Node program has it, with dockerode: pull, run, talk, look, clean up. It is recorded as
 * cassettes/dockerode-run.yaml, and the demo and a test replay it. Each step says what was done and what was seen.
 */
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";

/**
 * @typedef {{ did: string, saw: string }} Step
 * @param {import("dockerode")} docker
 * @returns {AsyncGenerator<Step>}
 */
export async function* dockerodeRun(docker) {
  yield { did: "ping", saw: String(await docker.ping()) };
  yield { did: "pull busybox", saw: await pull(docker, "busybox:latest") };

  const settings = { name: "web", Image: "busybox", Cmd: ["cat"], OpenStdin: true, StdinOnce: true };
  const web = await docker.createContainer(settings);
  const terminal = await web.attach({ stream: true, stdin: true, stdout: true, stderr: true, hijack: true });
  const heard = spoken(docker, terminal);
  await web.start();
  yield { did: "attach to web, start it", saw: (await web.inspect()).State.Status };

  terminal.end("hello\ntwo lines\n");
  yield { did: "say two lines, end stdin", saw: (await heard).out };
  yield { did: "wait for web", saw: `exit status ${(await web.wait()).StatusCode}` };
  yield { did: "read its logs", saw: (await loggedBy(docker, web)).out };
  yield { did: "list all containers", saw: (await docker.listContainers({ all: true })).map(told).join(", ") };
  await web.remove();
  yield {
    did: "remove it, look for it",
    saw: await docker
      .getContainer("web")
      .inspect()
      .then(() => "still there", reason),
  };
}

/**
 * Both voices of a multiplexed stream, once it has ended.
 * @param {import("dockerode")} docker
 * @param {NodeJS.ReadableStream} stream
 */
export async function spoken(docker, stream) {
  const [out, err] = [new PassThrough(), new PassThrough()];
  docker.modem.demuxStream(stream, out, err);
  stream.once("end", () => {
    out.end();
    err.end();
  });
  const [said, complained] = await Promise.all([text(out), text(err)]);
  return { out: said, err: complained };
}

/**
 * @param {import("dockerode")} docker
 * @param {import("dockerode").Container} container
 */
async function loggedBy(docker, container) {
  return spoken(docker, await container.logs({ follow: true, stdout: true, stderr: true }));
}

/**
 * @param {import("dockerode")} docker
 * @param {string} image
 * @returns {Promise<string>} the last message
 */
export async function pull(docker, image) {
  const progress = await docker.pull(image);
  /** @type {{ status: string }[]} */
  const messages = await new Promise((resolve, reject) => {
    docker.modem.followProgress(progress, (error, all) => (error ? reject(error) : resolve(all)));
  });
  return messages.at(-1)?.status ?? "nothing";
}

/** @param {import("dockerode").ContainerInfo} container */
function told({ Names, State }) {
  return `${Names.join()} ${State}`;
}

/** @param {{ json?: { message?: string }, message: string }} error */
export function reason({ json, message }) {
  return json?.message ?? message;
}
