/** Cycles among the folders and files that stand side by side in one folder; a folder and its front file are one. */
import type { SourceFile } from "./rooms.ts";

/** Each cycle once, as `mock/api: http -> version -> http`. */
export function folderCycles(files: readonly SourceFile[]): string[] {
  return [...siblingImports(files)].flatMap(([parent, imports]) => {
    const inCycle = [...imports.keys()].filter((name) => reachable(imports, name).has(name));
    const seen = new Set<string>();
    return inCycle.flatMap((name) => {
      if (seen.has(name)) return [];
      const ring = inCycle.filter((other) => other === name || isMutual(imports, name, other));
      for (const member of ring) seen.add(member);
      return [`${parent || "src"}: ${[...ring, name].join(" -> ")}`];
    });
  });
}

type Imports = Map<string, Set<string>>;

function siblingImports(files: readonly SourceFile[]): Map<string, Imports> {
  const byParent = new Map<string, Imports>();
  for (const { path, imports } of files) {
    for (const { target } of imports) {
      if (target === undefined || target.startsWith("..")) continue;
      const { parent, from, to } = siblingsOf(path, target);
      if (from === to) continue;
      const siblings = byParent.get(parent) ?? byParent.set(parent, new Map()).get(parent);
      (siblings?.get(from) ?? siblings?.set(from, new Set()).get(from))?.add(to);
    }
  }
  return byParent;
}

/** Where two paths part: `mock/api/http/x.ts` and `mock/api/version/y.ts` at `mock/api`, as `http` and `version`. */
function siblingsOf(
  path: string,
  target: string,
): { readonly parent: string; readonly from: string; readonly to: string } {
  const one = path.replace(/\.ts$/, "").split("/");
  const other = target.replace(/\.ts$/, "").split("/");
  let at = 0;
  while (at < one.length - 1 && at < other.length - 1 && one[at] === other[at]) at += 1;
  return { parent: one.slice(0, at).join("/"), from: one[at] ?? "", to: other[at] ?? "" };
}

function reachable(imports: Imports, start: string): Set<string> {
  const seen = new Set<string>();
  const visit = (name: string): void => {
    for (const next of imports.get(name) ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      visit(next);
    }
  };
  visit(start);
  return seen;
}

function isMutual(imports: Imports, one: string, other: string): boolean {
  return reachable(imports, one).has(other) && reachable(imports, other).has(one);
}
