/** All parts that need no daemon, one after the other: `node bench/all.js`, in less than five minutes. `npm run build` first. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

for (const part of ["hits.js", "in-process.js", "frames.js", "misses.js"]) {
  console.log(`\n## ${part}\n`);
  spawnSync(process.execPath, [join(import.meta.dirname, part)], { stdio: "inherit" });
}
