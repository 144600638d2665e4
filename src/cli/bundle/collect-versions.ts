/** The versions of the programs that took part in a recording. */
import { execFile } from "node:child_process";
import { release } from "node:os";
import type { CassetteWalk } from "../../cassette/read.ts";
import { version } from "../../version.ts";

const TIMEOUT_MS = 10_000;

/** Commands that print a version on their first line, without a daemon. */
const PROGRAMS: Readonly<Record<string, readonly [file: string, ...args: string[]]>> = {
  docker: ["docker", "--version"],
  compose: ["docker", "compose", "version"],
  buildx: ["docker", "buildx", "version"],
};

/** What each program says of itself; programs that are not there are left out. */
export async function collectVersions(
  command: readonly string[],
  { header: { recorded } }: CassetteWalk,
): Promise<Readonly<Record<string, string>>> {
  const lines = await Promise.all(
    Object.entries(selectPrograms(command)).map(async ([name, [file, ...args]]) => [
      name,
      await readFirstLine(file, args),
    ]),
  );
  return {
    whalesong: version,
    node: process.version,
    system: `${process.platform} ${release()} ${process.arch}`,
    ...Object.fromEntries(lines.filter(([, line]) => line !== undefined && line !== "")),
    ...(recorded?.from === undefined ? {} : { daemon: recorded.from }),
    ...(recorded?.client === undefined ? {} : { client: recorded.client }),
  };
}

/** The client that the command names is asked, wherever it lies: it need not be the one on the PATH. */
function selectPrograms([file = ""]: readonly string[]): typeof PROGRAMS {
  if (!/(?:^|\/)docker$/.test(file)) return PROGRAMS;
  return Object.fromEntries(Object.entries(PROGRAMS).map(([name, [, ...args]]) => [name, [file, ...args]]));
}

function readFirstLine(file: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(file, args, { timeout: TIMEOUT_MS }, (error, stdout) =>
      resolve(error === null ? stdout.split("\n")[0]?.trim() : undefined),
    );
  });
}
