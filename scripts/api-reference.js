/**
 * Writes the API reference into build/api, which git ignores. typedoc needs the compiler's old API, which TypeScript 7
 * has not: npx fetches both (docs/decisions/0018-the-api-reference-is-built-on-demand.md).
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { ENTRIES, LIBRARY_ENTRIES } from "./package/entries.js";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const sources = [...Object.values(ENTRIES), ...Object.values(LIBRARY_ENTRIES).map(({ source }) => source)];

execFileSync(
  "npx",
  [
    "--yes",
    "--package=typedoc@0.28",
    "--package=typescript@5.9",
    "typedoc",
    "--tsconfig",
    "tsconfig.build.json",
    "--out",
    "build/api",
    "--name",
    "whalesong",
    "--readme",
    "none",
    // TypeScript 7 has checked them.
    "--skipErrorChecking",
    "--excludeExternals",
    "--disableSources",
    // Types that no entry exports are described where they are used.
    "--validation.notExported",
    "false",
    "--treatValidationWarningsAsErrors",
    ...sources.map((source) => `src/${source}.ts`),
  ],
  { cwd: ROOT, stdio: "inherit" },
);
