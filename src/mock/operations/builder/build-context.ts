/** Reads the context of a build: a tree of files with a Dockerfile (moby builder/remotecontext). */

import { createDirectoryNode, createFileNode, type DirectoryNode } from "../../../userland/files/node.ts";
import { splitPath } from "../../../userland/files/path.ts";
import { buildTree, findNode, withNode } from "../../../userland/files/tree.ts";
import { isTarStart } from "../../../wire/archive/tar.ts";
import { ApiError, badParameter, systemError } from "../../model/api-error.ts";
import { readTar } from "../../model/read-tar.ts";
import { unpack } from "../../model/unpack.ts";
import { getPage, type WebPages } from "../../runtime/web-pages.ts";

const DEFAULT = "Dockerfile";
const IGNORE = ".dockerignore";

export interface BuildContext {
  readonly root: DirectoryNode;
  /** The Dockerfile's text. */
  readonly dockerfile: string;
}

export interface ContextSource {
  readonly body: Buffer;
  /** The Dockerfile's path in the context. Empty for `Dockerfile`. */
  readonly dockerfile: string;
  /** The URL of the context. Empty if the body is the context. */
  readonly remote: string;
}

/** @throws ApiError 400 for an empty Dockerfile; 500 for a context that cannot be read, or has no Dockerfile */
export async function readContext({ body, dockerfile, remote }: ContextSource, pages: WebPages): Promise<BuildContext> {
  const root = remote === "" ? await unpackTree(body) : await fetchTree(remote, pages);
  const name = dockerfile === "" ? DEFAULT : dockerfile;
  const text = readDockerfile(root, name);
  if (text.trim() === "") throw badParameter(`the Dockerfile (${name}) cannot be empty`);
  return { root: withoutIgnored(root, name), dockerfile: text };
}

/** @throws ApiError 500 for what is no tar, or unpacks to far more than it is */
export async function unpackTree(body: Buffer): Promise<DirectoryNode> {
  if (body.length === 0) return createDirectoryNode(0);
  const bytes = await unpack(body).catch((error: unknown) => {
    throw error instanceof ApiError ? error : systemError("unexpected EOF");
  });
  const things = await readTar(bytes).catch(() => {
    throw systemError("unexpected EOF");
  });
  return buildTree(
    things.map(({ name, node }) => ({ path: `/${splitPath(name).join("/")}`, node })),
    createDirectoryNode(0),
  );
}

/** The page at the URL is a Dockerfile, or a tar that contains one. */
async function fetchTree(remote: string, pages: WebPages): Promise<DirectoryNode> {
  if (/^(git@|git:\/\/|github\.com\/)|\.git(#|$)/.test(remote)) {
    throw systemError(`error fetching: whalesong's mock has no git, cannot clone ${remote}`);
  }
  if (!/^https?:\/\//.test(remote)) throw systemError(`remoteURL (${remote}) could not be recognized as URL`);
  const page = downloadPage(pages, remote);
  return isTarStart(page) ? unpackTree(page) : withNode(createDirectoryNode(0), [DEFAULT], createFileNode(page, 0));
}

function downloadPage(pages: WebPages, url: string): Buffer {
  try {
    return getPage(pages, url);
  } catch (error) {
    throw error instanceof ApiError ? systemError(`error downloading remote context ${url}: ${error.message}`) : error;
  }
}

function readDockerfile(root: DirectoryNode, name: string): string {
  if (/^(\/?)\.\.(\/|$)/.test(name)) throw systemError(`forbidden path outside the build context: ${name} ()`);
  const node = findNode(root, splitPath(name)) ?? (name === DEFAULT ? findNode(root, ["dockerfile"]) : undefined);
  if (node?.kind !== "file") throw systemError(`Cannot locate specified Dockerfile: ${name}`);
  return node.content.toString("utf8");
}

/**
 * Clients leave out ignored files, but always send these two. The daemon removes them (remotecontext/detect.go,
 * removeDockerfile).
 */
function withoutIgnored(root: DirectoryNode, dockerfile: string): DirectoryNode {
  const ignore = findNode(root, [IGNORE]);
  if (ignore?.kind !== "file") return root;
  const patterns = ignore.content.toString("utf8").split("\n");
  const ignoredPaths = [IGNORE, dockerfile].filter((path) => isIgnored(path, patterns));
  return ignoredPaths.reduce((tree, path) => withNode(tree, splitPath(path), undefined), root);
}

/** The last pattern that matches decides. `!` includes the path again. */
export function isIgnored(path: string, patterns: readonly string[]): boolean {
  let ignored = false;
  for (const line of patterns.map((text) => text.trim())) {
    if (line === "" || line.startsWith("#")) continue;
    const isNegated = line.startsWith("!");
    const pattern = splitPath(isNegated ? line.slice(1) : line).join("/");
    if (compileIgnorePattern(pattern).test(path)) ignored = !isNegated;
  }
  return ignored;
}

function compileIgnorePattern(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|\\]/g, "\\$&")
    .replace(/\*\*\/?|\*|\?/g, (wild) => (wild.startsWith("**") ? "(?:.*/)?" : wild === "*" ? "[^/]*" : "[^/]"));
  return new RegExp(`^${source.endsWith("(?:.*/)?") ? source.replace(/\(\?:\.\*\/\)\?$/, ".*") : source}(?:/.*)?$`);
}
