import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Argv } from "yargs";
import { UsageError } from "../../base/errors.ts";
import { formatShellLine } from "../../base/shell-words.ts";
import type { CassetteWalk } from "../../cassette/read.ts";
import {
  type BundleManifest,
  CASSETTE,
  MANIFEST,
  parseManifest,
  toFilesFolder,
} from "../../integrations/bundle/bundle-manifest.ts";
import { createBadBundleError, extractArchive } from "../../io/archive/extract-archive.ts";
import { createFolder, createTemporaryFolder } from "../../io/disk/create-folder.ts";
import { walkCassette } from "../../io/disk/read-cassette.ts";
import { readTextFile } from "../../io/disk/read-text-file.ts";
import { replayCassettes } from "../../modes/replay.ts";
import type { ReplayReport } from "../../replay/report.ts";
import { styleDim } from "../../view/colour.ts";
import { parseOperation } from "../../wire/operations/operation.ts";
import { MOCK_UPSTREAM } from "../flag-values.ts";
import { listenFlag } from "../flags.ts";
import { isRecordedFromMock } from "../record-lines.ts";
import { readCommand, type ServeOptions, serve } from "../session.ts";
import { formatReplaySummary } from "../summary.ts";
import { printWarning, type Terminal } from "../terminal.ts";
import type { CliVerb } from "../verb.ts";

const ENTRIES = 10_000;
const MEGABYTE = 1_000_000;

interface OpenArguments {
  readonly file: string;
  readonly into: string | undefined;
  readonly run: boolean;
  readonly listen: string | undefined;
  readonly maxMegabytes: number;
}

/** An unpacked bundle. */
interface OpenBundle {
  /** The path of its cassette. */
  readonly path: string;
  readonly manifest: BundleManifest;
  /** Where its command runs: the folder of its files. */
  readonly cwd: string;
  /** What a client needs beside DOCKER_HOST. */
  readonly env: Readonly<Record<string, string>>;
}

export const verb: CliVerb<OpenArguments> = {
  builder: defineOptions,
  run: (argv, terminal) => openBundle(argv, { terminal, command: readCommand(argv as never) }),
};

function defineOptions(yargs: Argv): Argv {
  return yargs
    .usage("$0 open FILE [options] [-- COMMAND...]")
    .positional("file", { type: "string", demandOption: true, describe: "The file that `whalesong bundle` wrote" })
    .options({
      run: { type: "boolean", default: false, describe: "Run the command of the bundle; read it first" },
      into: { type: "string", describe: "Unpack into this folder, and leave it there (default: a temporary one)" },
      listen: listenFlag,
      "max-megabytes": { type: "number", default: 1000, describe: "Refuse a bundle that unpacks to more than this" },
    })
    .example(
      "$0 open docker-compose-up.whale.tgz",
      "Print what to paste into another terminal, and answer until Ctrl-C",
    )
    .example("$0 open docker-compose-up.whale.tgz --run", "Run its command against it, in the folder of its files")
    .example("$0 open docker-ps.whale.tgz -- docker ps", "Run a command of your own against it");
}

async function openBundle(argv: OpenArguments, options: ServeOptions): Promise<number> {
  const folder = argv.into === undefined ? createTemporaryFolder("open") : makeEmptyFolder(argv.into);
  try {
    const bundle = await unpack(argv, folder);
    options.terminal.stderr.write(formatManifest(bundle));
    return await replayBundle(bundle, argv, options);
  } finally {
    if (argv.into === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

/** @throws UsageError `WHALESONG_BAD_BUNDLE` if it is no folder, or there is something in it */
function makeEmptyFolder(path: string): string {
  if (existsSync(path) && !statSync(path).isDirectory()) {
    const message = `--into must name a folder that is empty or not there yet; \`${path}\` is a file`;
    throw new UsageError("WHALESONG_BAD_BUNDLE", message, { fields: { path } });
  }
  if (existsSync(path) && readdirSync(path).length > 0) {
    const message = `--into must name a folder that is empty or not there yet; \`${path}\` has something in it`;
    throw new UsageError("WHALESONG_BAD_BUNDLE", message, { fields: { path } });
  }
  createFolder(path, 0o700);
  return path;
}

/** @throws UsageError `WHALESONG_BAD_BUNDLE`; CassetteError if the cassette cannot be parsed */
async function unpack({ file, maxMegabytes }: OpenArguments, folder: string): Promise<OpenBundle> {
  const names = await extractArchive(file, folder, { size: maxMegabytes * MEGABYTE, entries: ENTRIES });
  if (!names.includes(MANIFEST)) throw createBadBundleError(file, `it has no ${MANIFEST}`);
  const manifest = parseManifest(readTextFile(join(folder, MANIFEST)), file);
  if (!names.includes(CASSETTE)) throw createBadBundleError(file, `it has no ${CASSETTE}`);
  // What the command reads lies here, whether it reads anything or not.
  const cwd = join(folder, toFilesFolder(manifest.folder));
  createFolder(cwd, 0o700);
  const path = join(folder, CASSETTE);
  return { cwd, path, manifest, env: await walkCassette(path, async (cassette) => selectClientVariables(cassette)) };
}

/** An older client than the recorded one speaks the recorded version only if it is told to. */
function selectClientVariables({ entries }: CassetteWalk): Readonly<Record<string, string>> {
  const versions = new Set(Array.from(entries, ({ method, target }) => parseOperation(method, target).apiVersion));
  versions.delete(undefined);
  const [version] = versions;
  const isFree = process.env.DOCKER_API_VERSION === undefined;
  return version !== undefined && versions.size === 1 && isFree ? { DOCKER_API_VERSION: version } : {};
}

async function replayBundle(bundle: OpenBundle, argv: OpenArguments, options: ServeOptions): Promise<number> {
  const { terminal, command } = options;
  const { path, env, cwd, manifest } = bundle;
  const server = await replayCassettes({
    cassettes: [path],
    recordCommand: formatBundleLine(bundle),
    warn: (problem) => printWarning(terminal, problem),
    ...(argv.listen === undefined ? {} : { listen: argv.listen }),
  });
  const serving: ServeOptions =
    argv.run && command.length === 0
      ? { terminal, command: manifest.command, env: { ...manifest.environment, ...env }, cwd }
      : { terminal, command, env };
  if (serving.command.length === 0) terminal.stderr.write(formatInstructions(bundle, argv, server.url));
  return judge(await serve(server, serving), terminal);
}

/** What records the bundle anew, where its daemon is: the mock is everywhere. */
function formatBundleLine({ path, manifest }: OpenBundle): string {
  const isOfMock = isRecordedFromMock(path);
  const flags = isOfMock ? ["--upstream", MOCK_UPSTREAM] : [];
  const line = formatShellLine(["whalesong", "bundle", ...flags, "--", ...manifest.command]);
  return isOfMock ? line : `${line}  where its daemon is`;
}

function judge(
  { report, status }: { readonly report: ReplayReport; readonly status: number },
  { stderr }: Terminal,
): number {
  stderr.write(formatReplaySummary(report, [CASSETTE]));
  const hasFailed = report.missed.length + report.differing.length + report.problems.length > 0;
  return status === 0 && hasFailed ? 1 : status;
}

function formatManifest({ manifest: { command, status, versions, environment } }: OpenBundle): string {
  const ending = status === undefined ? "" : `  (ended with ${status})`;
  const facts = [...Object.entries(versions), ...Object.entries(environment)];
  const lines = facts.map(([name, value]) => `  ${styleDim(name)}  ${value}`);
  return `${[`bundle of: ${formatShellLine(command)}${ending}`, ...lines].join("\n")}\n`;
}

/** What to paste into another terminal. */
function formatInstructions({ manifest, env, cwd }: OpenBundle, { file }: OpenArguments, url: string): string {
  const variables = Object.entries({ ...manifest.environment, ...env, DOCKER_HOST: url });
  const lines = [
    ...variables.map(([name, value]) => `export ${formatShellLine([`${name}=${value}`])}`),
    `cd ${formatShellLine([cwd])}`,
    formatShellLine(manifest.command),
  ];
  return `It answers until Ctrl-C, or SIGTERM. In another terminal:\n${lines.map((line) => `  ${line}`).join("\n")}\nOr end it, and run that command here, if you trust it: ${formatShellLine(["whalesong", "open", file, "--run"])}\n`;
}
