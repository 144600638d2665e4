import { pack } from "tar-stream";

export interface PackedFile {
  readonly name: string;
  readonly text?: string;
  readonly mode?: number;
  readonly mtime?: number;
  readonly uid?: number;
  /** The target of a symbolic link. */
  readonly linkname?: string;
}

/** A tar of these files. */
export async function createTar(files: readonly PackedFile[]): Promise<Buffer> {
  const packed = pack();
  for (const { name, text = "", mode = 0o644, mtime = 0, uid = 0, linkname } of files) {
    const entry = { name, mode, mtime: new Date(mtime), uid };
    if (linkname === undefined) packed.entry(entry, text);
    else packed.entry({ ...entry, type: "symlink", linkname });
  }
  packed.finalize();
  const pieces: Buffer[] = [];
  for await (const piece of packed) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}
