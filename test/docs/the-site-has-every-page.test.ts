/** The site of `npm run docs`, as far as it needs no network: its pages, its side bar, its links, and the demo. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { renderDemo } from "../../scripts/demo-cast.js";
import config from "../../scripts/docs-site/config.js";
import { listPages, readSitePage, rewriteLink, toAnchor, toSitePath } from "../../scripts/docs-site/site-pages.js";
import { headingsOf, page, pages, ROOT } from "./pages.ts";

const PAGES = listPages();
const REPOSITORY = "https://git.example/team/whalesong";

test("every page that is held to be right is in it", () => {
  const others = pages().map(({ path }) => path);
  expect(others.filter((path) => !PAGES.includes(path))).toEqual([]);
});

test("the side bar leads to every page, and to nothing else", () => {
  const groups = config.themeConfig.sidebar as readonly { link?: string; items?: readonly { link: string }[] }[];
  const links = groups.flatMap(({ link, items = [] }) => [...(link ? [link] : []), ...items.map((item) => item.link)]);
  const shown = PAGES.filter((path) => !/decisions\/\d/.test(path)).map((path) => toLink(toSitePath(path)));
  expect(links.sort()).toEqual(shown.sort());
});

describe("links", () => {
  test.each([
    ["README.md", "docs/README.md#guides", `/${toSitePath("docs/README.md")}#guides`],
    ["docs/cli.md", "../README.md", "/index.md"],
    ["docs/README.md", "decisions/", `/${toSitePath("docs/decisions/README.md")}`],
    ["docs/ci.md", "../action.yml", `${REPOSITORY}/blob/main/action.yml`],
    ["docs/guides/node.md", "../../examples/", `${REPOSITORY}/blob/main/examples`],
    ["README.md", "docs/demo.svg", "/docs/demo.svg"],
    ["README.md", "../../actions/workflows/test.yml/badge.svg", `${REPOSITORY}/actions/workflows/test.yml/badge.svg`],
    ["README.md", "#in-a-test", "#in-a-test"],
    ["README.md", "https://example.com", "https://example.com"],
  ])("of %s to %s lead to %s", (from, target, expected) => {
    expect(rewriteLink(from, target, PAGES, REPOSITORY)).toBe(expected);
  });

  test("without a host lead to the files of the clone, and what only a host has is left out", () => {
    const file = rewriteLink("docs/ci.md", "../action.yml", PAGES);
    expect(existsSync(fileURLToPath(file))).toBe(true);
    expect(readSitePage("README.md", PAGES, REPOSITORY)).toContain(`${REPOSITORY}/actions/`);
    expect(readSitePage("README.md", PAGES)).not.toMatch(/actions|\[!\[test|\.\.\//);
  });

  test("to nothing are refused", () => {
    expect(() => rewriteLink("README.md", "gone.md", PAGES, REPOSITORY)).toThrow(/not there/);
  });

  test("in code stay, commands become fences, and headings have GitHub's anchors", () => {
    const text = readSitePage("README.md", PAGES, REPOSITORY);
    expect(text).toContain("```sh\nnpm install --save-dev whalesong\n```\n");
    expect(text).toContain('await new Docker().run("busybox", ["echo", "hi"], process.stdout)');
    for (const { text: heading, anchor } of headingsOf(page("docs/limits.md"))) expect(toAnchor(heading)).toBe(anchor);
  });
});

test("docs/demo.svg is what `npm run demo:cast` makes of its cassette today", async () => {
  expect(await renderDemo()).toBe(readFileSync(join(ROOT, "docs/demo.svg"), "utf8"));
});

/** `docs/cli.md` is `/docs/cli`, and a folder's page ends with `/`. */
function toLink(path: string): string {
  return `/${path}`.replace(/(?:index)?\.md$/, "");
}
