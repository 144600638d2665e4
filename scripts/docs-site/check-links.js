/** Follows the links of a built site: to files and to the places in them. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, posix } from "node:path";

/** Pages of other generators: their links are their own concern. */
const FOREIGN = /^(?:api|assets)\//;

/**
 * @param {string} site the folder of the site
 * @param {string} base the path of the site on its host, with a `/` at its end
 * @returns {{ links: number, lost: readonly string[] }}
 */
export function checkLinks(site, base) {
  const pages = readdirSync(site, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".html"));
  const texts = new Map(pages.map((path) => [path, readFileSync(join(site, path), "utf8")]));
  const targets = pages.filter((path) => !FOREIGN.test(path)).flatMap((path) => listTargets(path, texts, base));
  return { links: targets.length, lost: targets.filter((one) => !leadsSomewhere(one, site, texts)).map(formatTarget) };
}

/** @typedef {{ from: string, path: string, anchor: string }} Target */

/** @param {string} path @param {ReadonlyMap<string, string>} texts @param {string} base @returns {readonly Target[]} */
function listTargets(path, texts, base) {
  const links = [...(texts.get(path) ?? "").matchAll(/ (?:href|src)="([^"]+)"/g)].map(([, link = ""]) => link);
  return links
    .filter((link) => !/^(?:https?:|data:|mailto:)/.test(link))
    .map((link) => {
      const [file = "", anchor = ""] = decodeURI(link.replaceAll("&amp;", "&")).split("#");
      const at = file.startsWith(base) ? file.slice(base.length) : posix.join(posix.dirname(path), file);
      return { from: path, path: file === "" ? path : at, anchor };
    });
}

/** @param {Target} target @param {string} site @param {ReadonlyMap<string, string>} texts */
function leadsSomewhere({ path, anchor }, site, texts) {
  const folder = join(site, path);
  const file = existsSync(folder) && statSync(folder).isDirectory() ? posix.join(path, "index.html") : path;
  if (anchor === "") return existsSync(join(site, file));
  return texts.get(file)?.includes(` id="${anchor.replaceAll("&", "&amp;")}"`) ?? false;
}

/** @param {Target} target */
function formatTarget({ from, path, anchor }) {
  return `${from} -> ${path}${anchor === "" ? "" : `#${anchor}`}`;
}
