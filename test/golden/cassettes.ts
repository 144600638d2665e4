import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const CASSETTES: string = fileURLToPath(new URL("../../cassettes", import.meta.url));

/** The names of all golden cassettes, without `.yaml`. */
export const GOLDEN: readonly string[] = readdirSync(CASSETTES)
  .filter((file) => file.endsWith(".yaml"))
  .map((file) => file.slice(0, -".yaml".length));

export function goldenPath(name: string): string {
  return `${CASSETTES}/${name}.yaml`;
}
