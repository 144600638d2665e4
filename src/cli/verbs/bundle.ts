import { existsSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import type { Argv } from "yargs";
import { UsageError } from "../../base/errors.ts";
import { formatShellLine } from "../../base/shell-words.ts";
import type { CassetteWalk } from "../../cassette/read.ts";
import {
  type BundleManifest,
  CASSETTE,
  MANIFEST,
  selectVariables,
  toFilesFolder,
} from "../../integrations/bundle/bundle-manifest.ts";
import { writeArchive } from "../../io/archive/write-archive.ts";
import { createTemporaryFolder } from "../../io/disk/create-folder.ts";
import { prepareNewFile } from "../../io/disk/output-file.ts";
import { walkCassette } from "../../io/disk/read-cassette.ts";
import { findCassetteSecrets } from "../../modes/find-cassette-secrets.ts";
import { styleDim, styleGreen, styleRed } from "../../view/colour.ts";
import { collectVersions } from "../bundle/collect-versions.ts";
import { type BundledSecret, findInLine, findSecrets } from "../bundle/find-secrets.ts";
import { type BundledFile, listCassetteFiles, listCommandFiles } from "../bundle/list-sources.ts";
import { type RecordingArguments, recordingFlags } from "../flags.ts";
import { readCommand, type ServeOptions } from "../session.ts";
import { refuseStandardOutput } from "../standard-output.ts";
import { formatSize } from "../summary.ts";
import type { CliVerb } from "../verb.ts";
import { recordCassette } from "./record.ts";

const ENDING = ".whale.tgz";
const LONGEST_STEM = 60;
/** How many secrets are named. */
const SHOWN = 10;

interface BundleArguments extends Omit<RecordingArguments, "cassette"> {
  readonly output: string | undefined;
  readonly cassette: string | undefined;
  readonly include: readonly string[];
  readonly list: boolean;
  readonly allowSecrets: boolean;
}

export const verb: CliVerb<BundleArguments> = {
  builder: defineOptions,
  run: (argv, terminal) => bundleCommand(argv, { terminal, command: readCommand(argv as never) }),
};

function defineOptions(yargs: Argv): Argv {
  const { upstream, state, now, seed } = recordingFlags;
  return yargs
    .usage("$0 bundle [options] -- COMMAND...")
    .options({
      output: {
        alias: "o",
        type: "string",
        describe: `The file to write (default: the command's words, and ${ENDING})`,
      },
      cassette: { type: "string", describe: "Bundle this cassette instead of recording the command" },
      include: {
        type: "string",
        array: true,
        nargs: 1,
        default: [],
        describe: "Add this file of the working folder; files that the command names are added by themselves",
      },
      list: { type: "boolean", default: false, describe: "Only list what would be in it" },
      "allow-secrets": {
        type: "boolean",
        default: false,
        describe: "Write the bundle even if something in it looks secret",
      },
      ...{ upstream, state, now, seed },
    })
    .example("$0 bundle -- docker compose up", "Record a bug, for others to open without Docker")
    .example("$0 bundle --cassette web.yaml -- docker ps", "Bundle what is recorded already");
}

async function bundleCommand(argv: BundleArguments, options: ServeOptions): Promise<number> {
  const { command } = options;
  if (command.length === 0)
    throw new UsageError("WHALESONG_NO_COMMAND", "bundle needs a command: whalesong bundle -- COMMAND...");
  refuseStandardOutput(argv.output, "bundle", "a bundle is binary");
  const output = argv.output ?? `${toStem(command)}${ENDING}`;
  if (existsSync(output) && !argv.list) throw createTakenError(output);
  // Before the command runs: its recording would be lost.
  if (!argv.list) prepareNewFile(output);
  const folder = createTemporaryFolder("bundle");
  try {
    return await makeBundle({ ...argv, output }, folder, options);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type MakeArguments = BundleArguments & { readonly output: string };

async function makeBundle(argv: MakeArguments, folder: string, options: ServeOptions): Promise<number> {
  const { terminal, command } = options;
  const path = argv.cassette ?? join(folder, "cassette.yaml");
  const status = argv.cassette === undefined ? await recordInto(path, argv, options) : undefined;
  if (status !== undefined && !existsSync(path)) return status === 0 ? 1 : status;
  const { manifest, recorded } = await walkCassette(path, async (cassette) => ({
    manifest: await createManifest(command, status, cassette),
    recorded: listCassetteFiles(path, cassette),
  }));
  const read = listCommandFiles(command, argv.include, toFilesFolder(manifest.folder));
  const files = [...recorded, ...read];
  terminal.stderr.write(formatContents(manifest, files));
  const secrets = argv.allowSecrets ? [] : await findAllSecrets(path, command, read);
  if (argv.list) return reportSecrets(secrets, options);
  refuseSecrets(secrets);
  const text = `${JSON.stringify(manifest, undefined, 2)}\n`;
  await writeArchive(argv.output, [{ name: MANIFEST, text }, ...files]);
  terminal.stderr.write(
    `${styleGreen(`wrote ${argv.output}`)}\nOpen it: ${formatShellLine(["whalesong", "open", argv.output])}\n`,
  );
  return 0;
}

/** A command that fails is recorded, too: it may be the bug. */
function recordInto(cassette: string, argv: BundleArguments, options: ServeOptions): Promise<number> {
  const rules = { ignore: [], bind: [], match: [], exact: [], preset: [] };
  const settings = { listen: undefined, mode: "record", exactTiming: false, keepEmpty: false } as const;
  const shownAs = CASSETTE;
  return recordCassette({ ...argv, ...rules, ...settings, cassette, shownAs, contexts: "files" }, options);
}

async function createManifest(
  command: readonly string[],
  status: number | undefined,
  cassette: CassetteWalk,
): Promise<BundleManifest> {
  return {
    bundle: 1,
    folder: basename(process.cwd()),
    command,
    ...(status === undefined ? {} : { status }),
    versions: await collectVersions(command, cassette),
    platform: `${process.platform} ${process.arch}`,
    environment: selectVariables(process.env),
  };
}

/** All that is in the bundle, before it is written. */
function formatContents({ command, status, versions, environment }: BundleManifest, files: readonly BundledFile[]) {
  const facts = [
    ["command", formatShellLine(command) + (status === undefined ? "" : `  (ended with ${status})`)],
    ...Object.entries(versions),
    ...Object.entries(environment),
  ];
  const lines = [
    ...facts.map(([name, value]) => `  ${styleDim(String(name))}  ${value}`),
    ...files.map(({ name, size }) => `  ${name}  ${styleDim(formatSize(size))}`),
  ];
  return `in the bundle:\n${lines.join("\n")}\n`;
}

/** In the cassette and its sidecars, as `check --secrets` finds them; in the command, and in the files that it reads. */
async function findAllSecrets(
  path: string,
  command: readonly string[],
  read: readonly BundledFile[],
): Promise<readonly BundledSecret[]> {
  const hits = await findCassetteSecrets(path, [], process.env);
  const known = hits.map(({ at, what }) => ({ place: at.replace(path, CASSETTE), what }));
  return [...findInCommand(command), ...known, ...(await findSecrets(read))];
}

function findInCommand(command: readonly string[]): readonly BundledSecret[] {
  return findInLine(command.join(" ")).map((what) => ({ place: "the command", what }));
}

/** What would stop the bundle. Returns the exit status. */
function reportSecrets(secrets: readonly BundledSecret[], { terminal }: ServeOptions): number {
  if (secrets.length === 0) return 0;
  const lines = `it would not be written, because this looks secret:${listSecrets(secrets)}`;
  terminal.stderr.write(`${styleRed(lines)}\n`);
  return 1;
}

function listSecrets(secrets: readonly BundledSecret[]): string {
  const shown = secrets.slice(0, SHOWN).map(({ place, what }) => `\n  ${place}  ${what}`);
  const more = secrets.length > SHOWN ? `\n  and ${secrets.length - SHOWN} more` : "";
  return `${shown.join("")}${more}`;
}

/** @throws UsageError `WHALESONG_SECRET_IN_BUNDLE` */
function refuseSecrets(secrets: readonly BundledSecret[]): void {
  if (secrets.length === 0) return;
  const message = `nothing was written, because this looks secret:${listSecrets(secrets)}\nrecord it again with other values, or write it all the same with --allow-secrets`;
  throw new UsageError("WHALESONG_SECRET_IN_BUNDLE", message, { fields: { secrets } });
}

/** `docker compose up -d` gives `docker-compose-up`. */
function toStem(command: readonly string[]): string {
  const words = command.filter((word) => !word.startsWith("-")).map((word) => word.replace(/^.*\//, ""));
  const stem = words
    .slice(0, 3)
    .join("-")
    .replace(/[^\p{L}\p{N}_.-]+/gu, "-")
    .replace(/^[-.]+|[-.]+$/g, "");
  return stem.slice(0, LONGEST_STEM) || "bundle";
}

function createTakenError(output: string): UsageError {
  return new UsageError(
    "WHALESONG_BAD_BUNDLE",
    `\`${output}\` exists already, and a bundle replaces nothing; name another file with --output, or remove it`,
  );
}
