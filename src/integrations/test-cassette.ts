/** Where the cassette of a test lies, told from the test's file and name. */
import { createHash } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { UsageError } from "../base/errors.ts";

const FOLDER = "__cassettes__";
const TEST_EXTENSION = /(?:[.-](?:test|spec|e2e))?\.[cm]?[jt]sx?$/;
/** What some file system takes or shows otherwise than it is. */
const UNFIT = /[^\p{L}\p{N}_.]+/gu;
/** Most file systems allow 255 bytes, and a sidecar's folder stands beside the cassette. */
const LONGEST_NAME = 100;

/**
 * `images.test.ts` and `["pull", "says how far it is"]` give `__cassettes__/images/pull--says-how-far-it-is.yaml`,
 * beside the test's file. A long name is cut, and told apart by a digest of the whole.
 */
export function resolveCassettePath(testFile: string | URL, names: readonly string[]): string {
  const file = String(testFile).startsWith("file:") ? fileURLToPath(testFile) : String(testFile);
  const name = names.map(toSlug).join("--");
  const folder = join(dirname(file), FOLDER, basename(file).replace(TEST_EXTENSION, ""));
  return join(folder, `${name.length > LONGEST_NAME || name === "" ? shortenName(name, names) : name}.yaml`);
}

function toSlug(name: string): string {
  return name.replace(UNFIT, "-").replace(/^[-.]+|[-.]+$/g, "");
}

function shortenName(name: string, names: readonly string[]): string {
  const digest = createHash("sha256").update(names.join("\0")).digest("hex").slice(0, 8);
  return `${name.slice(0, LONGEST_NAME - 9)}-${digest}`;
}

/** Which test has which cassette: two tests that shared one would overwrite each other's when they are recorded. */
export class CassetteRegistry {
  readonly #owners = new Map<string, unknown>();

  /**
   * Gives the cassette at `path` to `owner`, who may come back for it.
   * @throws UsageError `WHALESONG_CASSETTE_TAKEN`
   */
  reserve(path: string, owner: unknown): string {
    const other = this.#owners.get(path) ?? owner;
    if (other !== owner) throw createTakenError(path);
    this.#owners.set(path, owner);
    return path;
  }
}

function createTakenError(path: string): UsageError {
  const message = `two tests have names that give the same cassette, \`${path}\`; rename one of them, or give it a cassette of its own with \`useCassette(path, ...)\``;
  return new UsageError("WHALESONG_CASSETTE_TAKEN", message, { fields: { path } });
}
