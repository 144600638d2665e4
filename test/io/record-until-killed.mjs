// Records document after document to the cassette named, telling of each, until someone kills it.
// A process of its own, as no handler of ours may run when it dies. Its first word is the module of the store.
const [source, path, mode] = process.argv.slice(2);
const { createDiskStore } = await import(source);

const store = createDiskStore(path, { mode });
store.begin("whalesong: 1\nunfinished: true\n");
for (let count = 0; ; count += 1) {
  store.append([`---\nrequest: GET /${count}\n`, `response: 200 OK\n# ${"x".repeat(500)}\n`]);
  process.stdout.write(`${count}\n`);
  await new Promise((resolve) => setImmediate(resolve));
}
