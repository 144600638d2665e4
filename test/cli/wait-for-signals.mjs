// Waits for a signal, and then never ends by itself. A process of its own, as signals are the process's.
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const source = fileURLToPath(new URL("../../src/cli/terminal.ts", import.meta.url));
const { module } = await runnerImport(source, { configFile: false, logLevel: "error" });

setInterval(() => undefined, 1000);
const stopping = module.createProcessTerminal().waitForStop();
process.stdout.write("waiting\n");
await stopping;
process.stdout.write("stopping\n");
