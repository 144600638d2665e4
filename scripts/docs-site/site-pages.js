/** The pages of the site: the repository's own Markdown, with links that lead to other pages of it, or to the repository. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { mapLinks, outsideOfCode } from "./markdown.js";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const FOLDERS = ["docs", "kits"];
const AT_THE_TOP = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"];

/** A picture that leads out of the repository, to what its host knows of it: ` [![test](../../x.svg)](../../x)`. */
const BADGE = / ?\[!\[[^\]]*\]\(\.\.\/[^)]*\)\]\([^)]*\)/g;

/** @returns {readonly string[]} the paths of all pages, relative to the repository */
export function listPages() {
  const below = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((path) => posix.join(folder, path)),
  );
  return [...AT_THE_TOP, ...below.filter((path) => path.endsWith(".md")).sort()];
}

/**
 * The path of a page in the site: a README is what its folder shows.
 * @param {string} path
 * @returns {string}
 */
export function toSitePath(path) {
  return path.replace(/(^|\/)README\.md$/, "$1index.md");
}

/**
 * The Markdown of a page as the site takes it.
 * @param {string} path
 * @param {readonly string[]} pages
 * @param {string} [repository] the address of its page; in a clone without a host, the site leads to the clone's files
 * @returns {string}
 */
export function readSitePage(path, pages, repository) {
  const text = readFileSync(join(ROOT, path), "utf8").replace(/^<!-- .* -->\n/gm, "");
  const shown = repository === undefined ? text.replace(BADGE, "") : text;
  return mapLinks(outsideOfCode(shown, fenceCommands), (target) => rewriteLink(path, target, pages, repository));
}

/**
 * @param {string} from the page with the link
 * @param {string} target
 * @param {readonly string[]} pages
 * @param {string} [repository]
 * @returns {string}
 */
export function rewriteLink(from, target, pages, repository) {
  if (/^(?:https?:|#)/.test(target)) return target;
  const [file = "", anchor] = target.split("#");
  const path = posix.join(posix.dirname(from), file).replace(/\/$/, "");
  const page = [path, posix.join(path, "README.md")].find((one) => pages.includes(one));
  if (path.startsWith("../")) return `${repository}/${path.replace(/^(?:\.\.\/)+/, "")}`;
  const ending = anchor === undefined ? "" : `#${anchor}`;
  if (page !== undefined) return `/${toSitePath(page)}${ending}`;
  // Pictures are shown by the site itself.
  if (/\.(?:svg|png)$/.test(path)) return `/${path}`;
  if (!existsSync(join(ROOT, path))) throw new Error(`${from} links to ${target}, which is not there`);
  return repository === undefined ? pathToFileURL(join(ROOT, path)).href : `${repository}/blob/main/${path}${ending}`;
}

/**
 * Commands that are indented become fences: the theme gives these a frame, colours and a button to copy.
 * @param {string} text
 * @returns {string}
 */
function fenceCommands(text) {
  return text.replace(
    /(?<=\n\n)(?: {4}.*\n)+(?=\n|$)/g,
    (block) => `\`\`\`sh\n${block.replace(/^ {4}/gm, "")}\`\`\`\n`,
  );
}

/**
 * The anchor of a heading as GitHub spells it, which the links of the pages use.
 * @param {string} heading
 * @returns {string}
 */
export function toAnchor(heading) {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}_\- ]/gu, "")
    .replaceAll(" ", "-");
}
