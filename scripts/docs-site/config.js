/** The site's configuration, for VitePress; `scripts/docs-site.js` copies it beside the pages. */
import { findRepositoryUrl } from "../package/find-repository.js";
import { toAnchor } from "./site-pages.js";

const repository = findRepositoryUrl();

const GUIDES = [
  ["Node", "/docs/guides/node"],
  ["Python", "/docs/guides/python"],
  ["Go", "/docs/guides/go"],
  ["testcontainers", "/docs/guides/testcontainers"],
  ["Compose, offline", "/docs/guides/compose"],
  ["CI", "/docs/ci"],
  ["Tests of failures", "/docs/guides/failures"],
  ["Bug reports", "/docs/guides/bug-reports"],
  ["whalesong or ...?", "/docs/compare"],
  ["Glossary", "/docs/glossary"],
];
const LANGUAGES = [
  ["Java", "/docs/languages/java"],
  ["Ruby", "/docs/languages/ruby"],
  [".NET", "/docs/languages/dotnet"],
  ["Rust", "/docs/languages/rust"],
];
const REFERENCE = [
  ["Command line", "/docs/cli"],
  ["In-process", "/docs/in-process"],
  ["The package", "/docs/api"],
  ["Cassette format", "/docs/cassette-format"],
  ["Simulated daemon", "/docs/mock"],
  ["Conformance of the mock", "/docs/mock-conformance"],
  ["Faults", "/docs/faults"],
  ["Secrets", "/docs/secrets"],
  ["Errors", "/docs/errors"],
  ["msw and nock", "/docs/msw-and-nock"],
  ["Limits", "/docs/limits"],
  ["Robustness", "/docs/robustness"],
  ["pytest plugin", "/kits/python/"],
  ["Go helper", "/kits/go/"],
  ["Image", "/kits/image/"],
  ["Security", "/SECURITY"],
];
const INSIDE = [
  ["Architecture", "/docs/architecture"],
  ["Inside the mock", "/docs/mock-internals"],
  ["Protocol notes", "/docs/protocol-notes"],
  ["Decisions", "/docs/decisions/"],
  ["Walks", "/docs/walks"],
  ["Contributing", "/CONTRIBUTING"],
  ["Changes", "/CHANGELOG"],
];

export default {
  title: "whalesong",
  description: "Record what your Docker tool says to Docker once. Run its tests without Docker for ever after.",
  outDir: "../site",
  head: [["link", { rel: "icon", href: "data:," }]],
  // The site is one folder of a host, whose path is not known here: WHALESONG_DOCS_BASE=/whalesong/ names it.
  base: process.env.WHALESONG_DOCS_BASE ?? "/",
  cleanUrls: false,
  // What typedoc writes is put beside the pages when they are there.
  ignoreDeadLinks: [/^\/api\//],
  markdown: {
    // `<redacted:1>` is text.
    html: false,
    anchor: { slugify: toAnchor },
  },
  themeConfig: {
    search: { provider: "local" },
    outline: [2, 3],
    nav: [
      { text: "Guides", link: "/docs/guides/node" },
      { text: "Reference", link: "/docs/cli" },
      { text: "API", link: "/api/index.html", target: "_self" },
    ],
    sidebar: [
      { text: "Start", link: "/" },
      { text: "All pages", link: "/docs/" },
      toGroup("Guides", GUIDES),
      toGroup("Other languages", LANGUAGES),
      toGroup("Reference", REFERENCE),
      toGroup("How it is made", INSIDE),
    ],
    socialLinks: repository === undefined ? [] : [{ icon: "github", link: repository }],
  },
};

/** @param {string} text @param {string[][]} pages */
function toGroup(text, pages) {
  return { text, collapsed: false, items: pages.map(([name, link]) => ({ text: name, link })) };
}
