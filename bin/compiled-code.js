/**
 * Keeps what V8 compiled of the bundle for the next start, in `dist/compiled/`: a user that can write there can write the
 * bundle itself, which is not so in the temporary folder, Node's own default. Node does it itself from 22.1 on.
 */
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { dirname, join, sep } = require("node:path");
const { cachedDataVersionTag } = require("node:v8");
const { Script } = require("node:vm");

const HASH_BYTES = 32;
const LENGTH_BYTES = 4;
/** Commands of which each has its own file, as each loads other parts. The others share one. */
const COMMANDS = ["replay", "run", "record", "mock"];

/** @typedef {{ name: string, source: string, code: Buffer }} Entry `source`: the hash of the module's text */

/**
 * From now on, modules of the bundle are compiled from the cache where it has them. A process that ends well adds those
 * that it lacked. Never throws: without a cache, or with one that is broken or cannot be written, V8 compiles.
 * @param {string} root the folder of the package
 * @param {string | undefined} command which part of the cache is used
 */
exports.keepCompiledCode = (root, command) => {
  const folder = join(root, "dist/compiled");
  if (Module.enableCompileCache !== undefined) return void Module.enableCompileCache(folder);
  if (process.env.NODE_DISABLE_COMPILE_CACHE) return;
  const name = COMMANDS.includes(command ?? "") ? command : "other";
  // V8's tag changes with its version, its flags and the processor.
  const tag = cachedDataVersionTag().toString(16);
  compileFrom(join(folder, `${name}-${process.version}-${process.arch}-${tag}`), join(root, "dist/cjs") + sep);
};

/**
 * @param {string} file of the cache
 * @param {string} modules the folder of the modules that are kept
 */
function compileFrom(file, modules) {
  const entries = readEntries(file);
  /** @type {{ name: string, source: string, script: Script }[]} */
  const compiled = [];
  let isComplete = true;
  const compileOther = Module.prototype._compile;
  Module.prototype._compile = function (content, filename, ...rest) {
    // Only Node's own way has `import()` without a warning. The bundle has none of it.
    if (!filename.startsWith(modules) || content.includes("import("))
      return compileOther.call(this, content, filename, ...rest);
    const name = filename.slice(modules.length);
    const source = hash(content).toString("hex");
    const entry = entries.get(name);
    // V8 compares no more than the length of the text.
    const cachedData = entry?.source === source ? entry.code : undefined;
    const script = new Script(Module.wrap(content), { filename, cachedData });
    if (cachedData === undefined || script.cachedDataRejected) isComplete = false;
    compiled.push({ name, source, script });
    const run = script.runInThisContext();
    return run.call(this.exports, this.exports, Module.createRequire(filename), this, filename, dirname(filename));
  };
  process.on("exit", (status) => {
    // One that failed may have run too little of what others need.
    if (isComplete || status !== 0) return;
    for (const { name, source, script } of compiled)
      entries.set(name, { name, source, code: script.createCachedData() });
    writeEntries(file, [...entries.values()]);
  });
}

/**
 * The hash of the rest, the length of an index, the index, the codes.
 * @param {string} file
 * @param {readonly Entry[]} entries
 */
function writeEntries(file, entries) {
  const index = Buffer.from(JSON.stringify(entries.map(({ name, source, code }) => [name, source, code.length])));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(index.length);
  const content = Buffer.concat([length, index, ...entries.map(({ code }) => code)]);
  const draft = `${file}.${process.pid}`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(draft, Buffer.concat([hash(content), content]));
    renameSync(draft, file);
  } catch {
    // The package belongs to another user, or the disk is full.
    removeDraft(draft);
  }
}

/** @param {string} draft */
function removeDraft(draft) {
  try {
    rmSync(draft, { force: true });
  } catch {
    // Where nothing could be written, nothing is there.
  }
}

/**
 * @param {string} file
 * @returns {Map<string, Entry>} by the module's name; empty where the file is not there or not whole
 */
function readEntries(file) {
  const entries = new Map();
  try {
    const bytes = readFileSync(file);
    const content = bytes.subarray(HASH_BYTES);
    if (!hash(content).equals(bytes.subarray(0, HASH_BYTES))) return entries;
    let at = LENGTH_BYTES + content.readUInt32LE();
    for (const [name, source, length] of JSON.parse(content.toString("utf8", LENGTH_BYTES, at))) {
      entries.set(name, { name, source, code: content.subarray(at, at + length) });
      at += length;
    }
  } catch {
    entries.clear();
  }
  return entries;
}

/** @param {string | Buffer} content */
function hash(content) {
  return createHash("sha256").update(content).digest();
}
