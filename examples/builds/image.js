import Docker from "dockerode";

/** Builds an image by BuildKit, as it would in production: at whatever daemon there is. Returns what was printed. */
export async function build(context, buildargs = {}) {
  const docker = new Docker();
  const files = ["Dockerfile", "greeting.txt"];
  const stream = await docker.buildImage({ context, src: files }, { t: "greeting", version: "2", buildargs });
  const lines = await new Promise((resolve, reject) => {
    docker.followProgress(stream, (error, all) => (error ? reject(error) : resolve(all)));
  });
  return lines.map(({ stream: line = "", error }) => error ?? line.trim());
}
