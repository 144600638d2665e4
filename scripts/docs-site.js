/**
 * `npm run docs`: the Markdown of this repository as a site with search, and the API reference beside it, in build/site.
 * VitePress is fetched by npx, as typedoc is: neither is installed by `npm ci`
 * (docs/decisions/0039-the-docs-are-one-text.md). `--no-api` leaves the reference out.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { checkLinks } from "./docs-site/check-links.js";
import { listPages, ROOT, readSitePage, toSitePath } from "./docs-site/site-pages.js";
import { findRepositoryUrl } from "./package/find-repository.js";

const VITEPRESS = "vitepress@1.6.4";
const PAGES = join(ROOT, "build/site-pages");
const SITE = join(ROOT, "build/site");
const PICTURE = /\]\(\/([^)\s]+\.(?:svg|png))\)/g;
const hasApi = !process.argv.includes("--no-api");

layOutPages();
execFileSync("npx", ["--yes", `--package=${VITEPRESS}`, "vitepress", "build", PAGES], { cwd: ROOT, stdio: "inherit" });
if (hasApi) {
  execFileSync(process.execPath, [join(ROOT, "scripts/api-reference.js")], { cwd: ROOT, stdio: "inherit" });
  cpSync(join(ROOT, "build/api"), join(SITE, "api"), { recursive: true });
}
reportLinks();

function layOutPages() {
  const [pages, repository] = [listPages(), findRepositoryUrl()];
  for (const folder of [PAGES, SITE]) rmSync(folder, { recursive: true, force: true });
  for (const page of pages) {
    const file = join(PAGES, toSitePath(page));
    const text = readSitePage(page, pages, repository);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    for (const [, picture = ""] of text.matchAll(PICTURE)) cpSync(join(ROOT, picture), join(PAGES, "public", picture));
  }
  mkdirSync(join(PAGES, ".vitepress"), { recursive: true });
  const config = new URL("docs-site/config.js", import.meta.url);
  writeFileSync(join(PAGES, ".vitepress/config.mjs"), `export { default } from ${JSON.stringify(config.href)};\n`);
}

function reportLinks() {
  const { links, lost } = checkLinks(SITE, process.env.WHALESONG_DOCS_BASE ?? "/");
  const missing = hasApi ? lost : lost.filter((link) => !/-> api\//.test(link));
  for (const link of missing) console.error(`leads nowhere: ${link}`);
  console.log(`build/site: ${links} links${missing.length === 0 ? ", all of which lead somewhere" : ""}`);
  process.exitCode = missing.length === 0 ? 0 : 1;
}
