/** The licenses of the packages that are bundled. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const PACKAGE = /^(.*\/node_modules\/((?:@[^/]+\/)?[^/]+))\//;

/**
 * Their texts, each once, for the files of a bundle.
 * @param {readonly string[]} files
 * @param {string} [title] its first line
 */
export function licensesOf(files, title = "The bundle contains these packages.") {
  const folders = new Map(files.flatMap((file) => (PACKAGE.exec(file) === null ? [] : [PACKAGE.exec(file).slice(1)])));
  const texts = [...folders].map(([folder, name]) => `${name}\n\n${licenseIn(folder)}`);
  return `${title}\n\n${texts.sort().join("\n----\n\n")}`;
}

/** Packages without a license file, and those of the same project that have it. */
const SAME_PROJECT = { "@xterm/headless": "@xterm/xterm" };

/** @param {string} folder */
function licenseIn(folder) {
  for (const [name, other] of Object.entries(SAME_PROJECT))
    if (folder.endsWith(`/${name}`)) return licenseIn(folder.replace(name, other));
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  if (file === undefined) throw new Error(`${folder} has no license: it cannot be bundled`);
  return `${readFileSync(join(folder, file), "utf8").trim()}\n`;
}
