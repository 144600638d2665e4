/** Sends one request to DOCKER_HOST with node, and ends with the status given. */
const REQUEST = `
  const path = process.env.DOCKER_HOST.replace("unix://", "");
  require("node:http").get({ socketPath: path, path: process.argv[1] }, (response) => {
    response.resume().on("end", () => process.exit(Number(process.argv[2])));
  });`;

/** The words that run a client which requests `path` and ends with `status`. */
export function clientWords(path: string, status = 0): readonly string[] {
  return ["--", process.execPath, "-e", REQUEST, path, `${status}`];
}
