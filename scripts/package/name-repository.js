/**
 * npm runs this before it publishes (`prepublishOnly`), and reads package.json again after it: `repository`, `homepage`
 * and `bugs` are those of the place that the package is published from, so that npm's page resolves the README's links
 * and npm's provenance, which compares `repository` with the job, holds. Links of the pages that lead out of the package,
 * to a source or to the badge of the tests, lead to the repository.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { mapLinks } from "../docs-site/markdown.js";
import { listPages } from "../docs-site/site-pages.js";
import { findRepositoryUrl } from "./find-repository.js";

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = process.cwd();
  const url = findRepositoryUrl(process.env, folder);
  if (url === undefined)
    throw new Error(
      "cannot name the repository of the package: expected GITHUB_SERVER_URL and GITHUB_REPOSITORY in the environment, or a remote `origin` at a host (git remote add origin URL)",
    );
  const { files } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const packed = new Set(["LICENSE", "README.md", "package.json", ...files]);
  change(join(folder, "package.json"), (text) => nameInManifest(text, url));
  for (const page of listPages().filter((path) => existsSync(join(folder, path))))
    change(join(folder, page), (text) => nameInPage(text, page, url, packed));
  console.log(`package.json and the pages name ${url}; \`git restore .\` takes that back`);
}

/**
 * @param {string} text of package.json
 * @param {string} url
 * @returns {string}
 */
export function nameInManifest(text, url) {
  const places = {
    repository: { type: "git", url: `git+${url}.git` },
    homepage: `${url}#readme`,
    bugs: { url: `${url}/issues` },
  };
  return `${JSON.stringify({ ...JSON.parse(text), ...places }, undefined, 2)}\n`;
}

/**
 * @param {string} text of the page
 * @param {string} path of the page
 * @param {string} url
 * @param {ReadonlySet<string>} packed the files and folders of the package
 * @returns {string}
 */
export function nameInPage(text, path, url, packed) {
  return mapLinks(text, (target) => {
    if (/^(?:\w+:|#)/.test(target)) return target;
    const place = posix.join(posix.dirname(path), target);
    // Two up is the repository's page at its host, which knows how its workflows went.
    if (place.startsWith("../")) return `${url}/${place.replace(/^(?:\.\.\/)+/, "")}`;
    return packed.has(place.split(/[/#]/)[0] ?? "") ? target : `${url}/blob/main/${place}`;
  });
}

/** @param {string} path @param {(text: string) => string} edit */
function change(path, edit) {
  writeFileSync(path, edit(readFileSync(path, "utf8")));
}
