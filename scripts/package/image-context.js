/**
 * Makes the context of kits/image/Dockerfile: the package as npm packs it, and the packages that it needs.
 *
 *     npm run image:context -- /tmp/whalesong-image
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pack } from "./install-packed.js";

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("usage: npm run image:context -- FOLDER");
if (existsSync(folder) && readdirSync(folder).length > 0) throw new Error(`${folder} has something in it`);
mkdirSync(folder, { recursive: true });
const work = mkdtempSync(join(tmpdir(), "whalesong-image-"));
try {
  const options = ["--omit=dev", "--omit=peer", "--no-audit", "--no-fund", "--ignore-scripts", "--no-package-lock"];
  writeFileSync(join(folder, "package.json"), "{}\n");
  execFileSync("npm", ["install", ...options, "--prefix", folder, pack(work)], {
    stdio: ["ignore", "ignore", "inherit"],
  });
} finally {
  rmSync(work, { recursive: true, force: true });
}
copyFileSync(fileURLToPath(new URL("../../kits/image/Dockerfile", import.meta.url)), join(folder, "Dockerfile"));
