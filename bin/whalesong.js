#!/usr/bin/env node
// Only the version needs nothing else: it is printed before the rest is loaded, which says so if it cannot be.
function printVersion() {
  try {
    require("node:fs").writeSync(1, `${require("../package.json").version}\n`);
    return true;
  } catch {
    return false;
  }
}

if (!(process.argv.length === 3 && process.argv[2] === "--version" && printVersion())) {
  // From Node 22.1 on: what was compiled once is read the next time.
  require("node:module").enableCompileCache?.();
  require("../dist/cjs/cli.js").runCommandLine();
}
