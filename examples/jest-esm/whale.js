import Docker from "dockerode";

/** Runs a command in a container of busybox, as it would in production: at whatever daemon there is. */
export async function run(...command) {
  const docker = new Docker();
  const container = await docker.createContainer({ Image: "busybox", Cmd: command, Tty: true });
  const stream = await container.attach({ stream: true, hijack: true, stdout: true, stderr: true });
  await container.start();
  let output = "";
  for await (const piece of stream) output += piece;
  const { StatusCode } = await container.wait();
  await container.remove();
  return { output, status: StatusCode };
}

/** How old an image is, in whole years. */
export async function age(image) {
  const { Created } = await new Docker().getImage(image).inspect();
  return Math.floor((Date.now() - Date.parse(Created)) / (365.25 * 24 * 3600 * 1000));
}
