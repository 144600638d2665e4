// Records a document with a sidecar of so many bytes to the cassette named, tells what came of it, and waits to be killed.
const [source, path, size] = process.argv.slice(2);
const { createDiskStore } = await import(source);

const store = createDiskStore(path);
store.begin("whalesong: 1\nunfinished: true\n");
try {
  const sidecar = store.sidecar();
  for (let left = Number(size), count = 0; left > 0; count += 1) {
    const piece = Buffer.alloc(Math.min(left, 65_536), count);
    sidecar.write(piece);
    left -= piece.length;
    if (count % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  const ref = sidecar.finish("big", ".tar");
  const file = `{path: ${ref.path}, size: ${ref.size}}`;
  store.append([`---\nrequest: GET /big\nresponse:\n  status: 200 OK\n  file: ${file}\n`]);
  process.stdout.write("finished\n");
  setInterval(() => undefined, 1000);
} catch (error) {
  process.stdout.write(`${error.code}: ${error.message}\n`);
}
