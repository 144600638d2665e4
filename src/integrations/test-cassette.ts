/** The path of a test's cassette, from the test's file and name. */
import { createHash } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { CASSETTE_FOLDER } from "../base/cassette-folder.ts";
import { UsageError } from "../base/errors.ts";
import { foldPath } from "../io/fold-path.ts";
import { toTypedPath } from "../io/typed-path.ts";

const TEST_EXTENSION = /(?:[.-](?:test|spec|e2e))?\.[cm]?[jt]sx?$/;
/** Characters that some file systems do not accept, or show differently. */
const UNFIT = /[^\p{L}\p{N}_.]+/gu;
/** Names of devices, which Windows takes for no file, whatever follows the first dot. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;
/** Most file systems allow 255 bytes, and the folder of sidecars has the same name. */
const LONGEST_NAME = 100;

/**
 * `images.test.ts` and `["pull", "says how far it is"]` give `__cassettes__/images/pull--says-how-far-it-is.yaml`,
 * beside the test's file. A long name is cut, and a digest of the whole name keeps it unique.
 */
export function resolveCassettePath(testFile: string | URL, names: readonly string[]): string {
  const name = names.map(toSlug).join("--");
  const isUnfit = name.length > LONGEST_NAME || name === "" || DEVICE.test(name);
  const fileName = isUnfit ? shortenName(name, names) : name;
  return join(resolveCassetteFolder(testFile), `${fileName}.yaml`);
}

/** The folder of a test file's cassettes: `images.test.ts` has `__cassettes__/images` beside it. */
export function resolveCassetteFolder(testFile: string | URL): string {
  const file = String(testFile).startsWith("file:") ? fileURLToPath(testFile) : String(testFile);
  return join(dirname(file), CASSETTE_FOLDER, toCassetteStem(file));
}

/** `t/images.test.ts` gives `images`. */
export function toCassetteStem(file: string): string {
  return basename(file).replace(TEST_EXTENSION, "");
}

function toSlug(name: string): string {
  return name.replace(UNFIT, "-").replace(/^[-.]+|[-.]+$/g, "");
}

function shortenName(name: string, names: readonly string[]): string {
  const digest = createHash("sha256").update(names.join("\0")).digest("hex").slice(0, 8);
  return `${name.slice(0, LONGEST_NAME - 9)}-${digest}`;
}

/**
 * Gives each test a cassette of its own: two tests with the same one would overwrite each other's recording. Cassettes
 * travel to macOS and Windows, so that two which are one there must not be two here.
 */
export class CassetteRegistry {
  /** By folded paths. */
  readonly #owners = new Map<string, unknown>();

  /**
   * Reserves the cassette at `path` for `owner`. The same owner may reserve it again.
   * @throws UsageError `WHALESONG_CASSETTE_TAKEN`
   */
  reserve(path: string, owner: unknown): string {
    const key = foldPath(path);
    const other = this.#owners.get(key) ?? owner;
    if (other !== owner) throw createTakenError(path);
    this.#owners.set(key, owner);
    return path;
  }
}

function createTakenError(path: string): UsageError {
  const message = `two tests have the same cassette, \`${toTypedPath(path)}\`, because of their names (capital letters do not count, as on the file systems of macOS and Windows); rename one of them, or name its cassette with \`useCassette(path, ...)\``;
  return new UsageError("WHALESONG_CASSETTE_TAKEN", message, { fields: { path } });
}
