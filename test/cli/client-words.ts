/** Sends one request to DOCKER_HOST with node, and ends with the status given, or by the signal that it stands for. */
const REQUEST = `
  const path = process.env.DOCKER_HOST.replace("unix://", "");
  require("node:http").get({ socketPath: path, path: process.argv[1] }, (response) => {
    const status = Number(process.argv[2]);
    response.resume().on("end", () => (status > 128 ? process.kill(process.pid, status - 128) : process.exit(status)));
  });`;

/** The words that run a client which requests `path` and ends with `status`. */
export function clientWords(path: string, status = 0): readonly string[] {
  return ["--", process.execPath, "-e", REQUEST, path, `${status}`];
}
