import { readFileSync } from "node:fs";
import type { Behaviour } from "../../mock/runtime/behaviours/behaviour.ts";
import { parseBehaviours } from "../../mock/runtime/behaviours/parse-behaviours.ts";
import { withDiskErrors } from "./disk.ts";

/**
 * Reads behaviours of the simulated daemon from a YAML file.
 * @throws UsageError `WHALESONG_BAD_BEHAVIOURS` if they are wrong
 * @throws EnvironmentError `WHALESONG_DISK` if the file cannot be read
 * @example
 * const docker = await mockDocker({ behaviours: readBehaviours("behaviours.yaml") });
 * await docker.stop();
 */
export function readBehaviours(path: string): readonly Behaviour[] {
  return parseBehaviours(
    withDiskErrors("read", path, () => readFileSync(path, "utf8")),
    path,
  );
}
