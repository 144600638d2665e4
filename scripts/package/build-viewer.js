/** Builds the page of `view` (src/viewer/) into one script, which carries the licenses of what is in it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { licensesOf } from "./licenses.js";

/**
 * The text of dist/viewer.js.
 * @param {string} root the folder of the package
 */
export async function buildViewer(root) {
  const build = await rolldown({
    input: join(root, "src/viewer/main.tsx"),
    platform: "browser",
    tsconfig: join(root, "src/viewer/tsconfig.json"),
    plugins: [{ name: "styles", load: loadStyles }],
  });
  const { output } = await build.generate({
    format: "iife",
    minify: true,
    comments: { legal: false, annotation: false, jsdoc: false },
  });
  const licenses = licensesOf(output[0].moduleIds, "The page contains these packages.").replaceAll("*/", "* /");
  return `/*\n${licenses}*/\n${output[0].code}`;
}

/** A style sheet is a module whose default export is its text. */
function loadStyles(id) {
  if (!id.endsWith(".css")) return null;
  return { code: `export default ${JSON.stringify(readFileSync(id, "utf8"))};`, moduleType: "js" };
}
