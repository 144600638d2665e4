/** What a build is given: a tree of files with a Dockerfile (moby builder/remotecontext). */

import { decompressed } from "../../../userland/files/decompress.ts";
import { type DirectoryNode, directoryNode, fileNode } from "../../../userland/files/node.ts";
import { segmentsOf } from "../../../userland/files/path.ts";
import { nodeAt, treeOf, withNode } from "../../../userland/files/tree.ts";
import { ApiError, badParameter, systemError } from "../../model/api-error.ts";
import { readTar } from "../../model/read-tar.ts";
import { type Pages, pageAt } from "../../runtime/web-pages.ts";

const DEFAULT = "Dockerfile";
const IGNORE = ".dockerignore";

export interface Context {
  readonly root: DirectoryNode;
  /** The Dockerfile's text. */
  readonly dockerfile: string;
}

export interface ContextSource {
  readonly body: Buffer;
  /** Path of the Dockerfile in it; empty for the default. */
  readonly dockerfile: string;
  /** A url instead of a body. */
  readonly remote: string;
}

/** @throws Refusal where there is no Dockerfile, or nothing in it */
export async function contextOf({ body, dockerfile, remote }: ContextSource, pages: Pages): Promise<Context> {
  const root = remote === "" ? await treeIn(body) : await remoteTree(remote, pages);
  const name = dockerfile === "" ? DEFAULT : dockerfile;
  const text = textAt(root, name);
  if (text.trim() === "") throw badParameter(`the Dockerfile (${name}) cannot be empty`);
  return { root: withoutIgnored(root, name), dockerfile: text };
}

async function treeIn(body: Buffer): Promise<DirectoryNode> {
  if (body.length === 0) return directoryNode(0);
  try {
    const things = await readTar(once(await decompressed(body)));
    return treeOf(
      things.map(({ name, node }) => ({ path: `/${segmentsOf(name).join("/")}`, node })),
      directoryNode(0),
    );
  } catch {
    throw systemError("unexpected EOF");
  }
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

/** A page is a Dockerfile, or a tar with one. */
async function remoteTree(remote: string, pages: Pages): Promise<DirectoryNode> {
  if (/^(git@|git:\/\/|github\.com\/)|\.git(#|$)/.test(remote)) {
    throw systemError(`error fetching: whalesong's mock has no git, cannot clone ${remote}`);
  }
  if (!/^https?:\/\//.test(remote)) throw systemError(`remoteURL (${remote}) could not be recognized as URL`);
  const page = downloaded(pages, remote);
  const isTar = (page[0] === 0x1f && page[1] === 0x8b) || page.toString("latin1", 257, 262) === "ustar";
  return isTar ? treeIn(page) : withNode(directoryNode(0), [DEFAULT], fileNode(page, 0));
}

function downloaded(pages: Pages, url: string): Buffer {
  try {
    return pageAt(pages, url);
  } catch (error) {
    throw error instanceof ApiError ? systemError(`error downloading remote context ${url}: ${error.message}`) : error;
  }
}

function textAt(root: DirectoryNode, name: string): string {
  if (/^(\/?)\.\.(\/|$)/.test(name)) throw systemError(`forbidden path outside the build context: ${name} ()`);
  const node = nodeAt(root, segmentsOf(name)) ?? (name === DEFAULT ? nodeAt(root, ["dockerfile"]) : undefined);
  if (node?.kind !== "file") throw systemError(`Cannot locate specified Dockerfile: ${name}`);
  return node.content.toString("utf8");
}

/** Clients leave out what is ignored; only these two must come, and go here (remotecontext/detect.go, removeDockerfile). */
function withoutIgnored(root: DirectoryNode, dockerfile: string): DirectoryNode {
  const ignore = nodeAt(root, [IGNORE]);
  if (ignore?.kind !== "file") return root;
  const patterns = ignore.content.toString("utf8").split("\n");
  const gone = [IGNORE, dockerfile].filter((path) => isIgnored(path, patterns));
  return gone.reduce((tree, path) => withNode(tree, segmentsOf(path), undefined), root);
}

/** The last pattern that fits decides; `!` takes back. */
function isIgnored(path: string, patterns: readonly string[]): boolean {
  let ignored = false;
  for (const line of patterns.map((text) => text.trim())) {
    if (line === "" || line.startsWith("#")) continue;
    const isBack = line.startsWith("!");
    const pattern = segmentsOf(isBack ? line.slice(1) : line).join("/");
    if (ignorePattern(pattern).test(path)) ignored = !isBack;
  }
  return ignored;
}

function ignorePattern(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|\\]/g, "\\$&")
    .replace(/\*\*\/?|\*|\?/g, (wild) => (wild.startsWith("**") ? "(?:.*/)?" : wild === "*" ? "[^/]*" : "[^/]"));
  return new RegExp(`^${source.endsWith("(?:.*/)?") ? source.replace(/\(\?:\.\*\/\)\?$/, ".*") : source}(?:/.*)?$`);
}
