/**
 * Asks publint and attw whether the package, as npm packs it, is found by every way to import it, with its types.
 * Both are fetched by npx: they are for this alone, and bring a compiler of their own.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ENTRIES, LIBRARY_ENTRIES } from "./entries.js";
import { pack } from "./install-packed.js";

const PUBLINT = "publint@0.3.25";
const ATTW = "@arethetypeswrong/cli@0.18.5";
/** npm warns of these where the package is installed, and runs them only where it is told to. */
const INSTALL_SCRIPTS = ["preinstall", "install", "postinstall", "prepare"];

const { exports, scripts } = JSON.parse(
  readFileSync(fileURLToPath(new URL("../../package.json", import.meta.url)), "utf8"),
);
const entries = [...Object.keys(ENTRIES), ...Object.keys(LIBRARY_ENTRIES)].map((name) =>
  name === "index" ? "." : `./${name}`,
);
const withoutCommonJs = Object.entries(LIBRARY_ENTRIES).flatMap(([name, { hasCommonJs }]) =>
  hasCommonJs ? [] : [`./${name}`],
);

const work = mkdtempSync(join(tmpdir(), "whalesong-check-"));
try {
  const missing = entries.filter((entry) => !(entry in exports));
  if (missing.length > 0) throw new Error(`package.json exports no ${missing.join(", ")}, which are built`);
  const warned = INSTALL_SCRIPTS.filter((name) => name in scripts);
  if (warned.length > 0) throw new Error(`package.json has scripts that npm warns of: ${warned.join(", ")}`);
  const archive = pack(work);
  const contents = execFileSync("tar", ["-tzf", archive], { encoding: "utf8" });
  if (/\.map$/m.test(contents)) throw new Error("the package has source maps, and no sources");
  run(PUBLINT, "--strict", archive);
  run(
    ATTW,
    archive,
    "--format",
    "table-flipped",
    "--entrypoints",
    ...entries.filter((entry) => !withoutCommonJs.includes(entry)),
  );
  run(
    ATTW,
    archive,
    "--format",
    "table-flipped",
    "--ignore-rules",
    "cjs-resolves-to-esm",
    "--entrypoints",
    ...withoutCommonJs,
  );
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** @param {readonly string[]} command */
function run(...command) {
  execFileSync("npx", ["--yes", ...command], { cwd: work, stdio: ["ignore", "inherit", "inherit"] });
}
