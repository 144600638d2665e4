/**
 * Runs the programs that its arguments name, one after the other, each in its folder. Sends to its parent of each what
 * went wrong, if anything did: it threw, or holds something open that would have kept a process of its own alive.
 */
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";

const PATIENCE_MS = 3000;

const problems = [];
for (const event of ["uncaughtException", "unhandledRejection"]) process.on(event, (error) => problems.push(error));
let idle = process.getActiveResourcesInfo().length;

for (const file of process.argv.slice(2)) {
  process.chdir(dirname(file));
  problems.length = 0;
  await import(pathToFileURL(file)).catch((error) => problems.push(error));
  await waitForRelease();
  const result = problems.length === 0 ? { file } : { file, problem: problems.map((each) => inspect(each)).join("\n") };
  await new Promise((resolve) => process.send(result, resolve));
}
// What an example has left open must not keep this process.
process.exit();

async function waitForRelease() {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const resources = process.getActiveResourcesInfo();
    if (resources.length <= idle) return;
    if (Date.now() > deadline) {
      idle = resources.length;
      problems.push(`it holds open: ${resources.join(", ")}`);
      return;
    }
    await pause(5);
  }
}
