/**
 * All parts, one after the other, and at the end one table of all goals: `node bench/all.js [ROUNDS]`. A part that fails is
 * named there; the others run. What has no machine here (dockerd needs Linux and root) is a line that says so.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { GOALS } from "./lib/goals.js";
import { formatLoad, formatVerdict, printMachine, printTable } from "./lib/report.js";

const PARTS = ["hits", "in-process", "frames", "start", "misses", "large", "recorder", "bodies", "mock", "dockerd"];

/** @typedef {import("./lib/report.js").Verdict} Verdict */

/** @type {Map<string, Verdict>} */
const verdicts = new Map();
const began = performance.now();
printMachine("all parts");
for (const part of PARTS) await runPart(part);
console.log(
  `\n## All goals\n\nload at the end: ${formatLoad()}, ${Math.round((performance.now() - began) / 60_000)} minutes\n`,
);
const goals = /** @type {import("./lib/goals.js").GoalName[]} */ (Object.keys(GOALS));
printTable(
  ["row", "what", "goal", "measured", "met"],
  goals.map((goal) => formatVerdict(verdicts.get(goal) ?? { goal })),
);

/** @param {string} part */
async function runPart(part) {
  console.log(`\n## ${part}.js\n`);
  const partBegan = performance.now();
  const child = spawn(process.execPath, [join(import.meta.dirname, `${part}.js`), ...process.argv.slice(2, 3)], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  child.on("message", (/** @type {Verdict} */ verdict) => verdicts.set(verdict.goal, verdict));
  const status = await new Promise((resolve) => child.once("close", resolve));
  const seconds = Math.round((performance.now() - partBegan) / 1000);
  console.log(`${part}.js: ${seconds} s${status === 0 ? "" : `, FAILED with ${status}`}`);
}
