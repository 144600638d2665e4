import type { SourceFile } from "./rooms.ts";

/** The files that importing `entry` loads, itself included: `import type` and `import()` load nothing. */
export function reachableFiles(entry: string, all: readonly SourceFile[]): string[] {
  const byPath = new Map(all.map((file) => [file.path, file]));
  const seen = new Set<string>();
  const visit = (path: string): void => {
    const file = byPath.get(path);
    if (file === undefined || seen.has(path)) return;
    seen.add(path);
    for (const { target, isLoaded } of file.imports) if (target !== undefined && isLoaded) visit(target);
  };
  visit(entry);
  return [...seen];
}
