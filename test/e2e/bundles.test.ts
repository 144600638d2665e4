/** A bug report that was made with one release of the docker CLI is opened with another, without a daemon. */
import { spawnSync } from "node:child_process";
import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTemporaryFolder } from "../io/temporary.ts";
import { ENGINE_28, withDaemon } from "./engines.ts";

const BIN = join(import.meta.dirname, "../../bin/whalesong.js");
const CLI_20 = "/usr/bin/docker";
const CLI_28 = "programs" in ENGINE_28 ? ENGINE_28.programs.docker : undefined;

/** What a reporter may have seen: containers, their output, files, an image, and a failure in the end. */
const SESSION = `
docker run --name web busybox echo hello
docker cp tide.txt web:/tide.txt
docker run -d --name sea -e TIDE=low busybox sh -c 'echo up; sleep 100'
docker exec sea sh -c 'echo in; exit 4'; echo "exec: $?"
docker ps -a --format '{{.Names}} {{.Image}}'
docker logs sea
docker commit -m tide web img:1
docker rm -f web sea
docker rmi img:1
docker rm nothing
`;

/** @param docker the CLI that `docker` on the PATH is */
function run(cwd: string, docker: string, ...words: readonly string[]) {
  const { DOCKER_HOST: _, ...env } = process.env;
  const path = createTemporaryFolder();
  symlinkSync(docker, join(path, "docker"));
  const options = { cwd, env: { ...env, NO_COLOR: "1", PATH: `${path}:${env.PATH}` }, encoding: "utf8" } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...words], options);
  return { status, stdout, stderr };
}

const rows =
  CLI_28 === undefined
    ? []
    : [
        { made: "28.5", maker: CLI_28, opened: "20.10", opener: CLI_20 },
        { made: "20.10", maker: CLI_20, opened: "28.5", opener: CLI_28 },
      ];

test.each(rows)("made with CLI $made, opened with CLI $opened", async ({ maker, opener }) => {
  await withDaemon("28", async ({ url }) => {
    const here = createTemporaryFolder();
    writeFileSync(join(here, "bug.sh"), SESSION);
    writeFileSync(join(here, "tide.txt"), "low\n");
    const flags = ["--upstream", url, "--include", "tide.txt", "-o", "bug.whale.tgz"];
    const made = run(here, maker, "bundle", ...flags, "--", "sh", "bug.sh");
    expect(made.status, made.stderr).toBe(0);
    expect(made.stdout).toMatch(/^hello\n[0-9a-f]{64}\nin\nexec: 4\n/);
    const opened = run(createTemporaryFolder(), opener, "open", join(here, "bug.whale.tgz"), "--run");
    expect(opened.stdout, opened.stderr).toBe(made.stdout);
    // `docker rm nothing` fails.
    expect(opened.status, opened.stderr).toBe(1);
    expect(opened.stderr).toMatch(/(\d+) of \1 replayed/);
  });
});
