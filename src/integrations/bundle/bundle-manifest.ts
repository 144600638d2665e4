/** `bundle.json`: what a bundle says about the command that was recorded, and where. */
import { createBadBundleError } from "../../io/archive/extract-archive.ts";

/** The name of the manifest in the archive. */
export const MANIFEST = "bundle.json";
/** The folder of the cassette and its sidecars in the archive. */
export const RECORDED = "cassette";
/** The folder of the command's own files in the archive. */
export const FILES = "files";
/** The name of the cassette in the archive, whatever it is called where it was recorded. */
export const CASSETTE: string = `${RECORDED}/cassette.yaml`;

/** A name of a folder that every system accepts and that leads nowhere else. */
const PLAIN_NAME = /^(?!\.)[\p{L}\p{N}_. -]{1,100}(?<![. ])$/u;

export interface BundleManifest {
  /** The format's version: 1. */
  readonly bundle: 1;
  /** The name of the folder in which the command ran: compose names a project after it. Missing in older bundles. */
  readonly folder?: string;
  /** The words of the command. */
  readonly command: readonly string[];
  /** Its exit status when it was recorded; missing where an existing cassette was bundled. */
  readonly status?: number;
  /** What each program says of itself: whalesong, node, docker, compose, buildx, daemon. */
  readonly versions: Readonly<Record<string, string>>;
  /** `linux x64`. */
  readonly platform: string;
  /** Variables that change what docker does. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Variables that change what docker's clients do, and hold no secrets by their nature. */
const VARIABLES: ReadonlySet<string> = new Set([
  "DOCKER_API_VERSION",
  "DOCKER_BUILDKIT",
  "DOCKER_CONTENT_TRUST",
  "DOCKER_DEFAULT_PLATFORM",
  "DOCKER_HIDE_LEGACY_COMMANDS",
  "BUILDKIT_PROGRESS",
  "BUILDX_BUILDER",
  "BUILDX_NO_DEFAULT_ATTESTATIONS",
  "SOURCE_DATE_EPOCH",
  "COMPOSE_ANSI",
  "COMPOSE_BAKE",
  "COMPOSE_FILE",
  "COMPOSE_PARALLEL_LIMIT",
  "COMPOSE_PATH_SEPARATOR",
  "COMPOSE_PROFILES",
  "COMPOSE_PROGRESS",
  "COMPOSE_PROJECT_NAME",
  "LANG",
  "LC_ALL",
  "TZ",
]);

/** The variables of `env` that a bundle keeps. */
export function selectVariables(env: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const kept = Object.entries(env).filter(([name, value]) => VARIABLES.has(name) && value !== undefined);
  return Object.fromEntries(kept) as Record<string, string>;
}

/** Files of compose, which reads them without being told their names. */
const COMPOSE_FILES: readonly string[] = ["compose", "docker-compose"].flatMap((stem) =>
  [".yaml", ".yml", ".override.yaml", ".override.yml"].map((ending) => stem + ending),
);

/** The names of files that the command seems to read: words of it, and the files of compose. */
export function listLikelyFiles(command: readonly string[]): readonly string[] {
  const usesCompose = command.some((word) => /(?:^|[/\s-])compose(?:\s|$)/.test(word));
  const words = command.slice(1).map((word) => word.replace(/^--?[\w-]+=/, ""));
  return [...new Set([...words, ...(usesCompose ? COMPOSE_FILES : [])])];
}

/** The folder of the command's files in the archive. The name counts only if it is one name, and no way out. */
export function toFilesFolder(folder: string | undefined): string {
  return folder !== undefined && PLAIN_NAME.test(folder) ? `${FILES}/${folder}` : FILES;
}

/**
 * Reads the manifest of a stranger: only what is known is taken over.
 * @throws UsageError `WHALESONG_BAD_BUNDLE`
 */
export function parseManifest(text: string, path: string): BundleManifest {
  const value = parseObject(text, path);
  if (value.bundle !== 1)
    throw createBadBundleError(path, "it is of a format that this release does not know; a newer whalesong may");
  const { command, folder, status, versions, platform, environment } = value;
  if (!isTextList(command) || command.length === 0)
    throw createBadBundleError(path, `its ${MANIFEST} names no command`);
  return {
    bundle: 1,
    command,
    ...(typeof folder === "string" ? { folder } : {}),
    ...(typeof status === "number" ? { status } : {}),
    versions: selectTexts(versions),
    platform: typeof platform === "string" ? platform : "unknown",
    // A bundle sets nothing else: no LD_PRELOAD for a command that is run.
    environment: selectVariables(selectTexts(environment)),
  };
}

function parseObject(text: string, path: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch (cause) {
    throw createBadBundleError(path, `its ${MANIFEST} is no JSON`, cause);
  }
  throw createBadBundleError(path, `its ${MANIFEST} is no object`);
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function selectTexts(value: unknown): Record<string, string> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter(([, text]) => typeof text === "string"));
}
