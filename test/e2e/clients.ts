/** The clients of the second runs: each is found, or brought; one that cannot be had is an error, never skipped. */
import { execFile, execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { fetchEngine28 } from "../../scripts/engine28.js";
import { findCommand, install } from "../../scripts/private-daemon-needs.js";

export type ClientName =
  | "docker CLI 28"
  | "docker CLI 28.5"
  | "compose 2"
  | "docker CLI 20.10"
  | "docker-compose 1"
  | "docker-py"
  | "dockerode"
  | "testcontainers 11.14"
  | "the newest testcontainers";

/** What a line needs to use the client. */
export interface Client {
  /** The docker CLI; without one, whichever is at hand. */
  readonly docker?: string;
  /** A folder of the CLI's plugins, such as compose and buildx. */
  readonly plugins?: string;
  readonly env: NodeJS.ProcessEnv;
}

const PYTHON_DOCKER = "/usr/lib/python3/dist-packages/docker/__init__.py";
/** Where the machine's own CLI is, and that of docker's Debian package. */
const CLI_FOLDERS = ["/usr/local/bin", "/usr/bin"];
/** Nothing is there for its clean-up service to be pulled from; and ports are published here, in a container, too. */
const TESTCONTAINERS = { TESTCONTAINERS_RYUK_DISABLED: "true", TESTCONTAINERS_HOST_OVERRIDE: "localhost" };

/** @param folder what is brought is put there */
export async function clientNamed(name: ClientName, folder: string): Promise<Client> {
  switch (name) {
    case "docker CLI 28":
      return { docker: cli("28."), env: {} };
    case "docker CLI 28.5":
    case "compose 2": {
      const { docker, plugins } = fetchEngine28();
      return { docker, plugins, env: {} };
    }
    case "docker CLI 20.10":
      return { docker: cli("20.10."), env: {} };
    case "docker-compose 1":
      install([{ command: "docker-compose", packages: ["docker-compose"] }]);
      return { env: {} };
    case "docker-py":
      install([{ file: PYTHON_DOCKER, packages: ["python3-docker"] }]);
      return { env: {} };
    case "dockerode":
      return { env: withNode(process.execPath) };
    case "testcontainers 11.14": {
      const modules = await npm(join(folder, "older"), "testcontainers@11.14");
      return { env: { ...TESTCONTAINERS, ...withNode(process.execPath), MODULES: modules } };
    }
    case "the newest testcontainers": {
      const modules = await npm(join(folder, "newest"), "testcontainers@latest", "node@latest");
      return { env: { ...TESTCONTAINERS, ...withNode(join(modules, "node/bin/node")), MODULES: modules } };
    }
  }
}

/** @throws if this machine has none of that version */
function cli(version: string): string {
  const paths = [findCommand("docker") ?? "", ...CLI_FOLDERS.map((folder) => join(folder, "docker"))];
  const versions = new Map(paths.map((path) => [path, versionOf(path)]));
  for (const [path, found] of versions) if (found.startsWith(version)) return path;
  const found = [...versions].map(([path, said]) => `${path} is ${said || "not there"}`).join(", ");
  throw new Error(`the docker CLI ${version}x is needed in the PATH or in ${CLI_FOLDERS.join(" or ")}; ${found}`);
}

function versionOf(path: string): string {
  try {
    const said = execFileSync(path, ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    return /^Docker version (\S+?),/.exec(said)?.[1] ?? "";
  } catch {
    return "";
  }
}

function withNode(path: string): NodeJS.ProcessEnv {
  return { PATH: [dirname(path), process.env.PATH].join(delimiter) };
}

/** Returns the folder of the modules. */
async function npm(folder: string, ...packages: readonly string[]): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const words = ["install", "--prefix", folder, "--no-save", "--no-audit", "--no-fund", ...packages];
  await promisify(execFile)("npm", words, { cwd: folder });
  return join(folder, "node_modules");
}
