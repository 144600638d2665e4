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
  require("./compiled-code.js").keepCompiledCode(require("node:path").join(__dirname, ".."), process.argv[2]);
  require("../dist/cjs/cli.js").runCommandLine();
}
