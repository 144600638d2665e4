/**
 * Attach and exec without `Upgrade`: the daemon answers `200 OK` and leaves HTTP all the same. Older clients do so, and
 * dockerode unless it is told `hijack: true`. Recorded as cassettes/dockerode-plain.yaml.
 */
import { text } from "node:stream/consumers";
import { spoken } from "./dockerode-run.js";

/**
 * @param {import("dockerode")} docker
 * @returns {AsyncGenerator<import("./dockerode-run.js").Step>}
 */
export async function* dockerodePlain(docker) {
  const script = "read go; echo out; echo err >&2";
  const web = await docker.createContainer({
    name: "web",
    Image: "busybox",
    Cmd: ["sh", "-c", script],
    OpenStdin: true,
  });
  // Twice: the one speaks, the other listens.
  const listening = await web.attach({ stream: true, stdout: true, stderr: true });
  await web.start();
  const exec = await web.exec({ Cmd: ["sh", "-c", "echo from exec; exit 3"], AttachStdout: true, AttachStderr: true });
  const heard = await spoken(docker, await exec.start({}));
  yield { did: "exec", saw: `${heard.out.trim()}, exit status ${(await exec.inspect()).ExitCode}` };

  const tty = await web.exec({ Cmd: ["echo", "from a terminal"], AttachStdout: true, Tty: true });
  yield { did: "exec with a terminal", saw: JSON.stringify(await text(await tty.start({ Tty: true }))) };

  const speaking = await web.attach({ stream: true, stdin: true, hijack: true });
  speaking.end("go\n");
  const { out, err } = await spoken(docker, listening);
  yield { did: "attach", saw: `stdout: ${out.trim()}, stderr: ${err.trim()}` };
  yield { did: "wait", saw: `exit status ${(await web.wait()).StatusCode}` };
  await web.remove();
}
