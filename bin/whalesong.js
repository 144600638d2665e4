#!/usr/bin/env node
// Only the version needs nothing else: it is printed before the rest is loaded.
if (process.argv.length === 3 && process.argv[2] === "--version") console.log(require("../package.json").version);
else {
  // From Node 22.1 on: what was compiled once is read the next time.
  require("node:module").enableCompileCache?.();
  require("../dist/cjs/cli.js").runCommandLine();
}
