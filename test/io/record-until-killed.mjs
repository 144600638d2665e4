// Records document after document to the cassette named, telling of each, until someone kills it.
// A process of its own, as no handler of ours may run when it dies; vite loads the TypeScript, as Node 20 cannot.
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const [path, mode] = process.argv.slice(2);
const source = fileURLToPath(new URL("../../src/io/disk/disk-store.ts", import.meta.url));
const { module } = await runnerImport(source, { configFile: false, logLevel: "error" });

const store = module.createDiskStore(path, { mode });
store.begin("whalesong: 1\nunfinished: true\n");
for (let count = 0; ; count += 1) {
  store.append([`---\nrequest: GET /${count}\n`, `response: 200 OK\n# ${"x".repeat(500)}\n`]);
  process.stdout.write(`${count}\n`);
  await new Promise((resolve) => setImmediate(resolve));
}
