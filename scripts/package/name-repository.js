/**
 * npm runs this before it publishes (`prepublishOnly`), and reads package.json again after it: `repository`, `homepage`
 * and `bugs` are those of the place that the package is published from, so that npm's page resolves the README's links
 * and npm's provenance, which compares `repository` with the job, holds. The README's links that climb out of the
 * repository, to the badge of its tests, are relative to its page at the host; npm would look for them elsewhere.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findRepositoryUrl } from "./find-repository.js";

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = process.cwd();
  const url = findRepositoryUrl(process.env, folder);
  if (url === undefined)
    throw new Error(
      "cannot name the repository of the package: expected GITHUB_SERVER_URL and GITHUB_REPOSITORY in the environment, or a remote `origin` at a host (git remote add origin URL)",
    );
  change(join(folder, "package.json"), (text) => nameInManifest(text, url));
  change(join(folder, "README.md"), (text) => nameInReadme(text, url));
  console.log(`package.json and README.md name ${url}; \`git restore package.json README.md\` takes that back`);
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
 * @param {string} text of the README
 * @param {string} url
 * @returns {string}
 */
export function nameInReadme(text, url) {
  return text.replaceAll("](../../", `](${url}/`);
}

/** @param {string} path @param {(text: string) => string} edit */
function change(path, edit) {
  writeFileSync(path, edit(readFileSync(path, "utf8")));
}
