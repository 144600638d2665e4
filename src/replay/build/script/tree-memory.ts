/**
 * The contexts of a cassette in their order. A daemon keeps a context, and asks only for what has changed since: what it
 * had is in an earlier transfer of the same context.
 */
import type { RecordedFile, TransferContent } from "../build-script.ts";

type TakenTree = TransferContent & { readonly kind: "take-files" };

interface RememberedTree {
  readonly name: string;
  readonly tree: TakenTree;
}

export class TreeMemory {
  readonly #trees: RememberedTree[] = [];

  /** The same tree with the contents that earlier ones have. @param name the `dir-name` of the transfer */
  complete(name: string, tree: TakenTree): TakenTree {
    const earlier = this.#trees.filter((one) => one.name === name).reverse();
    let files: Promise<readonly RecordedFile[]> | undefined;
    const completed: TakenTree = {
      kind: "take-files",
      loadFiles: () => {
        files ??= fillGaps(tree, earlier);
        return files;
      },
    };
    this.#trees.push({ name, tree: completed });
    return completed;
  }
}

/** Only the latest tree of the same paths can be the same context, and only files of one size the same. */
async function fillGaps(tree: TakenTree, earlier: readonly RememberedTree[]): Promise<readonly RecordedFile[]> {
  const files = await tree.loadFiles();
  if (files.every((file) => !isGap(file))) return files;
  for (const one of earlier) {
    const known = new Map((await one.tree.loadFiles()).map((file) => [file.stat.path, file]));
    if (known.size === files.length && files.every(({ stat }) => known.has(stat.path)))
      return files.map(fillFrom(known));
  }
  return files;
}

function isGap({ stat, content }: RecordedFile): boolean {
  return content === undefined && stat.size > 0 && stat.linkname === "";
}

function fillFrom(known: ReadonlyMap<string, RecordedFile>): (file: RecordedFile) => RecordedFile {
  return (file) => {
    const other = known.get(file.stat.path);
    if (!isGap(file) || other?.content === undefined || other.stat.size !== file.stat.size) return file;
    return { ...file, content: other.content };
  };
}
