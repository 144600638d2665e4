/** Where this repository is hosted. It says so nowhere: a fork, a move or a first publication would make that wrong. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** `https://host/owner/name.git`, `ssh://git@host/owner/name`, and git's short form of it, `git@host:owner/name.git`. */
const REMOTE =
  /^(?:https?:\/\/(?:[^@/]*@)?|ssh:\/\/(?:[^@/]*@)?|[^@/\s]+@)([\w.-]+)[:/]([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/;

/**
 * The page of the repository, such as `https://github.com/someone/whalesong`: what the job's environment says (the
 * default variables of GitHub Actions), or where `git push` goes.
 * @param {NodeJS.ProcessEnv} [env]
 * @param {string} [folder] a clone
 * @returns {string | undefined} nothing in a clone of a folder
 */
export function findRepositoryUrl(env = process.env, folder = ROOT) {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name } = env;
  if (server && name) return `${server}/${name}`;
  const { stdout } = spawnSync("git", ["remote", "get-url", "origin"], { cwd: folder, encoding: "utf8" });
  return readRemote((stdout ?? "").trim());
}

/**
 * @param {string} remote as git takes it
 * @returns {string | undefined} its page, if it is at a host
 */
export function readRemote(remote) {
  const [, host, name] = REMOTE.exec(remote) ?? [];
  return host === undefined ? undefined : `https://${host}/${name}`;
}
