/** Measures one road of `in-process.js`, in a process of its own: `node bench/lib/road-once.js NAME FOLDER`. */
import http from "node:http";
import { CLIENTS, ROADS } from "./roads.js";

/** V8 compiles while half a second of CPU passes; a road that waits more than it works gets no more time than three times that. */
const WARM_UP = { ms: 1500, cpuMs: 500 };
const MEASURED = { ms: 400, cpuMs: Infinity };

/** @typedef {{ rate: number, cpu: number }} Measured requests a second, and µs of CPU for one */

const [name, folder = ""] = process.argv.slice(2);
const road = ROADS.find((one) => one.name === name);
if (road === undefined) throw new Error(`no such road: ${name}`);
const results = [];
for (const clients of CLIENTS) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: clients });
  const { ask, close } = await road.open({ folder, agent });
  if ((await ask()) < 200) throw new Error(`${name} answers otherwise`);
  await askFor(WARM_UP, clients, ask);
  results.push(await askFor(MEASURED, clients, ask));
  agent.destroy();
  await close();
}
console.log(JSON.stringify(results));
process.exit(); // undici keeps connections open.

/**
 * Asks until so much time or CPU has passed.
 * @param {{ ms: number, cpuMs: number }} limit
 * @param {number} clients
 * @param {() => Promise<number>} ask
 * @returns {Promise<Measured>}
 */
async function askFor({ ms, cpuMs }, clients, ask) {
  const [began, cpuBefore] = [performance.now(), process.cpuUsage()];
  const readUsed = () => {
    const { user, system } = process.cpuUsage(cpuBefore);
    return user + system;
  };
  let count = 0;
  const isOver = () => performance.now() - began >= ms || (count % 32 === 0 && readUsed() >= cpuMs * 1000);
  const askOn = async () => {
    for (; !isOver(); count += 1) await ask();
  };
  await Promise.all(Array.from({ length: clients }, askOn));
  return { rate: (count / (performance.now() - began)) * 1000, cpu: readUsed() / count };
}
