import { join } from "node:path";
import { rolldown } from "rolldown";

const SOURCES = join(import.meta.dirname, "../../src");

/**
 * Makes one module of JavaScript of a source and all it imports, for a process that a test starts: Node 20 reads no
 * TypeScript, and to load vite there takes a second.
 *
 * @param source below src
 * @returns the path of the module, in `folder`
 */
export async function bundleSource(source: string, folder: string): Promise<string> {
  const bundle = await rolldown({ input: join(SOURCES, source), platform: "node", logLevel: "silent" });
  await bundle.write({ dir: folder, format: "esm", entryFileNames: "source.mjs" });
  return join(folder, "source.mjs");
}
