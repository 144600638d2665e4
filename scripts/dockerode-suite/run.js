/**
 * Records dockerode's own tests in their process, and replays them in it without a daemon: every verdict has to be the
 * same. `node scripts/dockerode-suite/run.js CHECKOUT UPSTREAM`: a clone of apocas/dockerode in which `npm ci` was run,
 * and the address of a daemon that has the images that its tests name (`unix:///path`). They start, prune and remove
 * whatever is there: it should be a daemon of their own. The verdicts of the recording itself are the daemon's affair.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Nobody is there but the cassette. */
const ADDRESS = "unix:///nowhere/docker.sock";
const AROUND_ALL = fileURLToPath(new URL("around-all.js", import.meta.url));
const [checkout, upstream] = process.argv.slice(2);
if (checkout === undefined || upstream === undefined) throw new Error("usage: run.js CHECKOUT UPSTREAM");

const work = mkdtempSync(join(tmpdir(), "whalesong-suite-"));
try {
  const recorded = run({ UPSTREAM: upstream });
  console.log(
    `recorded: ${summary(recorded.verdicts)}, ${recorded.report.truncated} cut, ${recorded.report.dropped} left out`,
  );
  const replayed = run({});
  const { played, exchanges, missed, differing } = replayed.report;
  console.log(`replayed: ${summary(replayed.verdicts)}, ${played} of ${exchanges} played, ${missed.length} missed`);
  const other = [...recorded.verdicts].filter(([name, verdict]) => replayed.verdicts.get(name) !== verdict);
  for (const [name, verdict] of other) console.log(`  ${verdict}, now ${replayed.verdicts.get(name)}: ${name}`);
  const isSame = other.length === 0 && replayed.verdicts.size === recorded.verdicts.size;
  console.log(isSame ? "the same verdicts" : "not the same");
  process.exitCode = isSame && recorded.verdicts.size > 0 && missed.length + differing.length === 0 ? 0 : 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}

/**
 * Runs the tests once.
 * @param {{ UPSTREAM?: string }} mode
 */
function run(mode) {
  const [results, report] = [join(work, "results.json"), join(work, "report.json")];
  for (const file of [results, report]) rmSync(file, { force: true });
  const around = { CASSETTE: join(work, "suite.yaml"), ADDRESS, REPORT: report, ...mode };
  const options = ["-r", AROUND_ALL, "--exit", "-R", "json", "--reporter-option", `output=${results}`];
  const { error, stderr } = spawnSync(
    process.execPath,
    [join("node_modules", "mocha", "bin", "mocha.js"), ...options],
    {
      cwd: checkout,
      encoding: "utf8",
      // With any DOCKER_SOCKET that is none, the suite goes where DOCKER_HOST says.
      env: { ...process.env, DOCKER_SOCKET: "none", DOCKER_HOST: ADDRESS, ...around },
      maxBuffer: 2 ** 28,
    },
  );
  if (error !== undefined) throw error;
  try {
    return {
      verdicts: verdictsIn(JSON.parse(readFileSync(results, "utf8"))),
      report: JSON.parse(readFileSync(report, "utf8")),
    };
  } catch (cause) {
    throw new Error(`the tests did not come to their end:\n${stderr}`, { cause });
  }
}

/**
 * Of each test by its name; some have the same.
 * @param {{ tests: { fullTitle: string, speed?: string, err: object }[] }} results
 */
function verdictsIn({ tests }) {
  const verdicts = new Map();
  for (const { fullTitle, speed, err } of tests) {
    const name = verdicts.has(fullTitle) ? `${fullTitle} #${verdicts.size}` : fullTitle;
    // How fast it was, mocha notes of what passed only.
    const isOver = speed === undefined ? "pending" : "passed";
    verdicts.set(name, Object.keys(err).length > 0 ? "failed" : isOver);
  }
  return verdicts;
}

/** @param {ReadonlyMap<string, string>} verdicts */
function summary(verdicts) {
  const count = (verdict) => [...verdicts.values()].filter((each) => each === verdict).length;
  return `${count("passed")} passed, ${count("failed")} failed, ${count("pending")} pending`;
}
