import { createFileNode } from "../../src/userland/files/node.ts";
import { writeTar } from "../../src/userland/files/write-tar.ts";

/** A tar of files by their paths, as the context of a build or something to import. */
export function packTar(files: Readonly<Record<string, string | Buffer>>): Buffer {
  return writeTar(Object.entries(files).map(([name, content]) => ({ name, node: createFileNode(content, 0) })));
}
