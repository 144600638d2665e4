/** Opens one file, in a process of its own, and prints what that took: `node bench/lib/open-once.js HOW FILE`. */
import { readFileSync } from "node:fs";
import { openCassette } from "whalesong/core";

const [how, file = ""] = process.argv.slice(2);
const bytes = readFileSync(file);
const [began, cpuBefore, memoryBefore] = [performance.now(), process.cpuUsage(), process.memoryUsage().rss];
const opened = how === "JSON.parse" ? JSON.parse(bytes.toString()) : openCassette(bytes, file).entries;
const [ms, { user, system }] = [performance.now() - began, process.cpuUsage(cpuBefore)];
const memory = (process.memoryUsage().rss - memoryBefore) / 1024 ** 2;
if (opened.length === 0) throw new Error(`${file} has no exchange`);
console.log(JSON.stringify({ ms, cpu: (user + system) / 1000, memory }));
