/** The table of Dockerfiles: each row is built by the real engine and by the simulated one, which must print the same. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

export interface DockerfileRow {
  /** The file that has the row, without its ending: what it is about. */
  readonly topic: string;
  readonly name: string;
  /** By path below the folder in which the lines run. */
  readonly files: Readonly<Record<string, string>>;
  /** Shell, run before the first line, without a daemon. */
  readonly prepare?: string;
  /** Shell; each has an answer of its own. The second of two equal lines finds the first one's steps in the cache. */
  readonly lines: readonly string[];
}

const FOLDER = join(import.meta.dirname, "dockerfiles");
const BUILD = "docker build .";

export const DOCKERFILE_ROWS: readonly DockerfileRow[] = readdirSync(FOLDER).sort().flatMap(readTopic);

function readTopic(file: string): readonly DockerfileRow[] {
  const rows = parse(readFileSync(join(FOLDER, file), "utf8")) as readonly Partial<DockerfileRow>[];
  const topic = file.replace(".yaml", "");
  const lines = topic === "refusals" ? [BUILD] : [BUILD, BUILD];
  return rows.map((row) => ({ topic, name: "", files: {}, lines, ...row }));
}
