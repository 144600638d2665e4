import { fileNode } from "../../src/userland/files/node.ts";
import { tarBytes } from "../../src/userland/files/tar-bytes.ts";

/** A tar of files by their paths, as the context of a build or something to import. */
export function tarred(files: Readonly<Record<string, string | Buffer>>): Buffer {
  return tarBytes(Object.entries(files).map(([name, content]) => ({ name, node: fileNode(content, 0) })));
}
