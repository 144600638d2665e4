#!/usr/bin/env node
// Only the version needs nothing else: it is printed before the rest is loaded.
if (process.argv.length === 3 && process.argv[2] === "--version") console.log(require("../package.json").version);
else require("../dist/cjs/cli.js").runCommandLine();
