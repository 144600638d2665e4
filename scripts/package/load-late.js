/**
 * Has modules of Node loaded when something of them is first used: those take 1 to 3 ms and up to 1.4 MB each, and a
 * replay in most cases needs none of them.
 *
 * By then a user may have mocked them: `require` would give `node:crypto` with a `randomUUID` and no `createHash`. Node's
 * own way to them knows no mocks.
 */

/** Those that Node has not loaded itself before a program starts, and that no class extends. */
const LATE = ["child_process", "crypto", "fs/promises", "os", "timers/promises", "tls", "v8", "vm", "zlib"];
const IMPORT = new RegExp(`^let (node_\\w+) = require\\(("node:(?:${LATE.join("|")})")\\);$`, "gm");
/** `process`, too, may be another one later. Node has `getBuiltinModule` from 20.16 and 22.3 on, not in 21. */
const LATE_IMPORT = [
  "let $1$$loaded;",
  "const $1$$load = process.getBuiltinModule ?? require;",
  "const $1 = () => ($1$$loaded ??= $1$$load($2));",
].join("\n");

/**
 * Works on what rolldown writes: `let node_tls = require("node:tls");`, for all uses of it `node_tls.createServer`, and
 * for a module that is used as a whole `node_zlib = require_rolldown_runtime.__toESM(node_zlib, 1);`
 * @param {string} code of a chunk
 */
export function loadLate(code) {
  const names = [...code.matchAll(IMPORT)].map(([, name]) => name);
  return names.reduce(callName, code.replaceAll(IMPORT, LATE_IMPORT));
}

/**
 * @param {string} code
 * @param {string} name
 */
function callName(code, name) {
  const wrap = new RegExp(`^${name} = ([\\w.]+)\\(${name}, 1\\);\n`, "m");
  const [line, toModule] = wrap.exec(code) ?? [];
  const wrapped = line
    ? code
        .replace(line, "")
        .replace(new RegExp(`(?<=${name}\\$loaded \\?\\?= )(${name}\\$load\\(.*?\\))`), `${toModule}($1, 1)`)
    : code;
  const called = wrapped
    // `new f().Script(...)` would make an object of `f`.
    .replaceAll(new RegExp(`\\bnew ${name}\\.(\\w+)`, "g"), `new (${name}().$1)`)
    .replaceAll(new RegExp(`\\b${name}\\.`, "g"), `${name}().`);
  const other = new RegExp(`^.*(?<!\\$)\\b${name}\\b(?!\\(\\)|\\$| = \\(\\)).*$`, "m").exec(called);
  if (other) throw new Error(`${name} is used as a whole: ${other[0]}`);
  return called;
}
