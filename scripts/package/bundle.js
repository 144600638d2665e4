/**
 * Makes dist/, which is what npm packs, from build/, where tsc leaves a file for each source. Why it is so:
 * docs/decisions/0016-one-commonjs-bundle.md.
 *
 *     dist/cjs/      all code, as CommonJS: the entries, and the chunks that they share
 *     dist/types/    the declarations that the entries reach, as CommonJS
 *     dist/viewer.js the page of `view`, whose sources are in src/viewer/
 *     dist/*.js      the entries once more, as ES modules, with their declarations
 */
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { buildViewer } from "./build-viewer.js";
import { groupChunks } from "./chunk-groups.js";
import { CLI, ENTRIES, LIBRARY_ENTRIES, RUNNER_ENTRIES, SHARED } from "./entries.js";
import { licensesOf } from "./licenses.js";
import { loadLate } from "./load-late.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const BUILD = join(ROOT, "build");
const DIST = join(ROOT, "dist");
const SCHEMA = "cassette/cassette.schema.json";
/** The specifier of an import of a file, in what tsc writes. */
const RELATIVE_IMPORT = /(\bfrom |\bimport\(|^import )"(\.[^"]+)"/gm;
const COMMONJS = `${JSON.stringify({ type: "commonjs" })}\n`;

const { version, dependencies, peerDependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
/** What stays a package of its own. The rest, which only the command line needs, is bundled. */
const PACKAGES = [...Object.keys(dependencies), ...Object.keys(peerDependencies)];
const commonJsLibraries = Object.entries(LIBRARY_ENTRIES).filter(([, { hasCommonJs }]) => hasCommonJs);
const sources = { ...ENTRIES, ...sourcesOf(commonJsLibraries), ...sourcesOf(Object.entries(RUNNER_ENTRIES)) };

/** What is another module in the bundle, by the file in build/. */
const BUNDLED = {
  // A bundle does not lie where package.json is looked for by its sources.
  [join(BUILD, "version.js")]: `export const version = ${JSON.stringify(version)};`,
  // A bundler that takes the bundle in finds a package only by a plain `require`.
  [join(BUILD, "base/load-lazily.js")]: ["yaml", "tar-stream"]
    .map(
      (name) =>
        `export const load${name.replaceAll(/(?:^|-)(.)/g, (_, first) => first.toUpperCase())} = () => require("${name}");`,
    )
    .join("\n"),
};

const toId = (source) => join(BUILD, `${source}.js`);
const doors = {
  command: [CLI].map(toId),
  replay: ["cli/verbs/replay"].map(toId),
  library: [ENTRIES.index].map(toId),
  mock: [ENTRIES.mock, "cli/verbs/mock"].map(toId),
};

const chunks = await bundle();
const viewer = await buildViewer(ROOT);
refuseMockBehind("index.js", chunks);
refuseWideText(chunks);
rmSync(DIST, { recursive: true, force: true });
for (const { fileName, code } of chunks) write(`cjs/${fileName}`, code);
write("viewer.js", viewer);
write("cjs/package.json", COMMONJS);
write("cjs/THIRD-PARTY-LICENSES.txt", licensesOf(chunks.flatMap(({ moduleIds }) => moduleIds)));
write("types/package.json", COMMONJS);
writeTypes(Object.values(sources));
for (const [name, source] of Object.entries(ENTRIES)) writeWrapper(name, source);
for (const [name, { source }] of Object.entries(LIBRARY_ENTRIES)) writeLibraryEntry(name, source);
for (const [name, entry] of Object.entries(RUNNER_ENTRIES)) writeRunnerEntry(name, entry);
mkdirSync(dirname(join(DIST, SCHEMA)));
copyFileSync(join(ROOT, "src", SCHEMA), join(DIST, SCHEMA));

function sourcesOf(entries) {
  return Object.fromEntries(entries.map(([name, { source }]) => [name, source]));
}

async function bundle() {
  const input = Object.entries({ ...sources, shared: SHARED, cli: CLI });
  const build = await rolldown({
    input: Object.fromEntries(input.map(([name, source]) => [name, join(BUILD, `${source}.js`)])),
    external: new RegExp(`^(?:${PACKAGES.join("|")})(?:/|$)`),
    platform: "node",
    // yargs asks for `import.meta.resolve` only to extend configurations, which no verb does.
    checks: { emptyImportMeta: false },
    plugins: [{ name: "bundled", load: bundledModule, renderChunk: loadLate }],
  });
  const { output } = await build.generate({
    format: "cjs",
    entryFileNames: "[name].js",
    // As deep as the command line's sources are in build/: its error codes are looked up in ../../../docs.
    chunkFileNames: "chunks/[name].js",
    exports: "named",
    esModule: false,
    // One other character, and V8 keeps the whole chunk in two bytes a character.
    charset: "ascii",
    comments: { legal: true, annotation: false, jsdoc: false },
    codeSplitting: { groups: groupChunks(doors) },
  });
  return output.filter(({ type }) => type === "chunk");
}

function bundledModule(id) {
  return BUNDLED[id] ?? null;
}

/** The simulated daemon is larger than all the rest. */
function refuseMockBehind(entry, all) {
  const byFile = new Map(all.map((chunk) => [chunk.fileName, chunk]));
  const reached = new Set();
  const visit = (file) => {
    if (reached.has(file) || !byFile.has(file)) return;
    reached.add(file);
    for (const next of byFile.get(file).imports) visit(next);
  };
  visit(entry);
  const modules = [...reached].flatMap((file) => byFile.get(file).moduleIds);
  const mock = modules.filter((id) => id.startsWith(join(BUILD, "mock/")));
  if (mock.length > 0) throw new Error(`${entry} loads the simulated daemon: ${mock.join(", ")}`);
}

/** `charset` leaves what cannot be escaped, such as a name. */
function refuseWideText(all) {
  for (const { fileName, code } of all) {
    const [character] = /[^\0-\x7f]/u.exec(code) ?? [];
    if (character !== undefined) throw new Error(`${fileName} has a \`${character}\`, which is not ASCII`);
  }
}

/** The same names for `import`; whichever way it is loaded, there is one copy. */
function writeWrapper(name, source) {
  const { exports } = chunks.find(({ fileName }) => fileName === `${name}.js`);
  write(`${name}.js`, `export { ${[...exports].sort().join(", ")} } from "./cjs/${name}.js";\n`);
  write(`${name}.d.ts`, `export * from "./types/${source}.js";\n`);
}

/** All that it imports at run time is the library, and `shared`. */
function writeLibraryEntry(name, source) {
  const code = readFileSync(join(BUILD, `${source}.js`), "utf8");
  write(
    `${name}.js`,
    moveImports(code, (specifier) => `./cjs/${posix.basename(specifier)}`),
  );
  const types = readFileSync(join(BUILD, `${source}.d.ts`), "utf8");
  write(
    `${name}.d.ts`,
    moveImports(types, (specifier) => `./types/${posix.join(dirname(source), specifier)}`),
  );
}

/** One value, which is the default export for `import()` and the module for `require`. */
function writeRunnerEntry(name, { source, value }) {
  write(`${name}.cjs`, `module.exports = require("./cjs/${name}.js").${value};\n`);
  const type = `import { ${value} } from "./types/${source}.js";\nexport = ${value};\n`;
  write(`${name}.d.cts`, type);
}

/** The declarations of `entries`, and those that these import. */
function writeTypes(entries) {
  const seen = new Set();
  const visit = (source) => {
    if (seen.has(source)) return;
    seen.add(source);
    const text = readFileSync(join(BUILD, `${source}.d.ts`), "utf8");
    write(
      `types/${source}.d.ts`,
      moveImports(text, (specifier) => specifier),
    );
    for (const [, , specifier] of text.matchAll(RELATIVE_IMPORT))
      visit(posix.join(dirname(source), specifier.replace(/\.[jt]s$/, "")));
  };
  for (const entry of entries) visit(entry);
  for (const { source } of Object.values(LIBRARY_ENTRIES)) visit(source);
}

/** tsc leaves `.ts` in declarations, which older compilers do not follow. */
function moveImports(text, move) {
  return text.replace(
    RELATIVE_IMPORT,
    (_, before, specifier) => `${before}"${move(specifier).replace(/\.ts$/, ".js")}"`,
  );
}

function write(path, text) {
  mkdirSync(dirname(join(DIST, path)), { recursive: true });
  writeFileSync(join(DIST, path), text);
}
