/** What a part prints, and hands on to `bench/all.js`. */
import { readFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { formatGoal, GOALS, isMet } from "./goals.js";
import { ROUNDS } from "./rounds.js";

/** @typedef {{ goal: import("./goals.js").GoalName, measured?: number, reason?: string }} Verdict `reason`: why it was not measured */

/**
 * The machine, its load and the rounds: the first line of a part.
 * @param {string} [more] what else is to be known
 * @param {number} [rounds] (default: those of the part)
 */
export function printMachine(more, rounds = ROUNDS) {
  const model = /^model name\s*: (.*)$/m.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[1] ?? process.arch;
  const memory = `${Math.round(totalmem() / 1024 ** 3)} GB`;
  const machine = `Node ${process.versions.node}, ${cpus().length} × ${model}, ${memory}`;
  console.log([machine, `load ${formatLoad()}`, `${rounds} rounds`, ...(more ? [more] : [])].join(", "), "\n");
}

/**
 * The load averages of 1, 5 and 15 minutes.
 */
export function formatLoad() {
  return loadavg()
    .map((load) => load.toFixed(1))
    .join(" ");
}

/**
 * A table of Markdown.
 * @param {readonly string[]} heads
 * @param {readonly (readonly string[])[]} rows
 */
export function printTable(heads, rows) {
  const lines = [heads, heads.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  console.log(`${lines.join("\n")}\n`);
}

/**
 * Prints what was measured of a goal, and tells it to `bench/all.js`.
 * @param {import("./goals.js").GoalName} goal
 * @param {number} measured
 */
export function reportGoal(goal, measured) {
  handOn({ goal, measured });
}

/**
 * Prints that a goal could not be measured here, and why.
 * @param {import("./goals.js").GoalName} goal
 * @param {string} reason
 */
export function skipGoal(goal, reason) {
  handOn({ goal, reason });
}

/**
 * The cells of a goal: its row, what, goal, measured, met or not.
 * @param {Verdict} verdict
 */
export function formatVerdict({ goal, measured, reason = "not measured" }) {
  /** @type {import("./goals.js").Goal} */
  const limits = GOALS[goal];
  const asked = [limits.row, limits.what, formatGoal(limits)];
  if (measured === undefined) return [...asked, reason, ""];
  return [...asked, `${formatNumber(measured)} ${limits.unit}`, isMet(limits, measured) ? "yes" : "no"];
}

/**
 * Three digits.
 * @param {number} number
 */
export function formatNumber(number) {
  return Math.abs(number) < 100 ? String(Number(number.toPrecision(3))) : String(Math.round(number));
}

/**
 * @param {number} ratio
 */
export function formatRatio(ratio) {
  return Number.isNaN(ratio) ? "" : `× ${formatNumber(ratio)}`;
}

/** @param {Verdict} verdict */
function handOn(verdict) {
  const [row, what, goal, measured, met] = formatVerdict(verdict);
  console.log(`${row}: ${what}: ${measured} (goal: ${goal}${met === "no" ? ", not met" : ""})`);
  process.send?.(verdict);
}
