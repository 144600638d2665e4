/**
 * `npm run owner -- NAME`: puts the account that publishes the package in the place of OWNER, in all files that name it.
 * test/docs/the-site-has-every-page.test.ts holds that they are all.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const FILES = ["README.md", "package.json", "docs/ci.md", "kits/go/go.mod"];
/** GitHub's names of accounts. */
const NAME = /^[a-z\d](?:[a-z\d-]{0,37}[a-z\d])?$/i;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , name = ""] = process.argv;
  if (!NAME.test(name)) throw new Error(`expected the name of an account, got \`${name}\`: npm run owner -- NAME`);
  for (const file of FILES) {
    const path = fileURLToPath(new URL(`../${file}`, import.meta.url));
    writeFileSync(path, readFileSync(path, "utf8").replaceAll("OWNER/whalesong", `${name}/whalesong`));
  }
}
