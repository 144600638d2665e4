/**
 * Keeps what V8 compiled of the bundle for the next start, in `dist/compiled/`: a user that can write there can write the
 * bundle itself, which is not so in the temporary folder, Node's own default. Node does it itself from 22.1 on.
 */
const { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { dirname, join, sep } = require("node:path");
const { Script } = require("node:vm");
// `node:crypto` takes 3 ms to load, and as much to hash a bundle: what is looked for is damage.
const { crc32 } = require("node:zlib");

/** Before the code: the checksums of the module's text and of the code. */
const CHECKSUM_BYTES = 4;
const HEAD_BYTES = 2 * CHECKSUM_BYTES;
/** Commands of which each has its own folder, as each runs other parts. The others share one. */
const COMMANDS = ["replay", "run", "record", "mock"];

/** @typedef {{ file: string, checksum: number, script: Script }} Compiled `checksum`: of the module's text */

/**
 * From now on, modules of the bundle are compiled from the cache where it has them. A process that ends well adds those
 * that it lacked. Never throws: without a cache, or with one that is broken or cannot be written, V8 compiles.
 * @param {string} root the folder of the package
 * @param {string | undefined} command which part of the cache is used
 */
exports.keepCompiledCode = (root, command) => {
  const folder = join(root, "dist/compiled");
  if (Module.enableCompileCache !== undefined) return void Module.enableCompileCache(folder);
  // Node 21 and 22.0 have neither that nor a checksum.
  if (process.env.NODE_DISABLE_COMPILE_CACHE || crc32 === undefined) return;
  const name = COMMANDS.includes(command ?? "") ? command : "other";
  compileFrom(join(folder, `${name}-${process.version}-${process.arch}`), join(root, "dist/cjs") + sep);
};

/**
 * @param {string} folder of the cache
 * @param {string} modules the folder of the modules that are kept
 */
function compileFrom(folder, modules) {
  /** @type {Compiled[]} */
  const lacking = [];
  const load = Module._extensions[".js"];
  Module._extensions[".js"] = (module, filename) => {
    const text = filename.startsWith(modules) ? readFileSync(filename) : undefined;
    // Only Node's own way has `import()` without a warning. The bundle has none of it.
    if (text === undefined || text.includes("import(")) return load(module, filename);
    const file = join(folder, filename.slice(modules.length));
    const checksum = crc32(text);
    const cachedData = readCode(file, checksum);
    const script = new Script(Module.wrap(text.toString()), { filename, cachedData });
    if (cachedData === undefined || script.cachedDataRejected) lacking.push({ file, checksum, script });
    const run = script.runInThisContext();
    run.call(module.exports, module.exports, module.require.bind(module), module, filename, dirname(filename));
  };
  process.on("exit", (status) => {
    // One that failed may have run too little of what others need.
    if (status === 0) for (const compiled of lacking) writeCode(compiled);
  });
}

/**
 * V8 trusts what it is given: it compares its own version and flags, and of the text no more than the length.
 * @param {string} file
 * @param {number} checksum of the module's text
 * @returns {Buffer | undefined} undefined where the file is not there, not whole, or of another text
 */
function readCode(file, checksum) {
  try {
    const bytes = readFileSync(file);
    const code = bytes.subarray(HEAD_BYTES);
    const isSound = bytes.readUInt32LE() === checksum && bytes.readUInt32LE(CHECKSUM_BYTES) === crc32(code);
    return isSound ? code : undefined;
  } catch {
    return undefined;
  }
}

/** @param {Compiled} compiled */
function writeCode({ file, checksum, script }) {
  const code = script.createCachedData();
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32LE(checksum);
  head.writeUInt32LE(crc32(code), CHECKSUM_BYTES);
  const draft = `${file}.${process.pid}`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(draft, Buffer.concat([head, code]));
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
