// Waits for a signal, and then never ends by itself. A process of its own, as signals are the process's. Its first word is
// the module of the terminal.
const { createProcessTerminal } = await import(process.argv[2]);

setInterval(() => undefined, 1000);
const stopping = createProcessTerminal().waitForStop();
process.stdout.write("waiting\n");
await stopping;
process.stdout.write("stopping\n");
