/** Installs the package as npm packs it, once for several projects: Node looks for packages in the folders above, too. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/**
 * @param {string} folder above the projects' copies
 * @param {readonly string[]} projects whose dependencies are installed beside the package
 */
export function installPacked(folder, projects) {
  const needs = projects.flatMap((project) => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(project, "package.json"), "utf8"));
    return Object.entries({ ...dependencies, ...devDependencies }).map(([need, range]) => `${need}@${range}`);
  });
  const others = [...new Set(needs)].filter((need) => !need.startsWith("whalesong@"));
  const options = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", folder];
  execFileSync("npm", ["install", ...options, pack(folder), ...others], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
  });
}

/**
 * What dist/ has now; `npm run build` brings it up to date.
 * @param {string} folder where the archive is put
 * @returns the archive's path
 */
export function pack(folder) {
  const args = ["pack", "--ignore-scripts", "--json", "--pack-destination", folder];
  const [{ filename }] = JSON.parse(
    execFileSync("npm", args, { cwd: ROOT, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
  );
  return join(folder, filename);
}
