/** What a page asks its reader to do, in its order: files to write, and commands to type. */
import { parseAllDocuments } from "yaml";

export type PageStep =
  | { readonly kind: "file"; readonly path: string; readonly text: string }
  | { readonly kind: "command"; readonly line: string };

const PART = /^```(\w*)\n([\s\S]*?)^```$|(?<=\n\n)((?: {4}.*\n)+)/gm;
/** The first line of an example names its file. */
const FILE_NAME = /^(?:\/\/|#) ([\w./-]+\.\w+)/;

export function listSteps(text: string): readonly PageStep[] {
  return [...text.matchAll(PART)].flatMap(([, language, fenced = "", indented]) => {
    if (indented !== undefined) return toCommands(indented);
    const [, path] = FILE_NAME.exec(fenced) ?? [];
    if (path !== undefined) return [{ kind: "file", path, text: fenced } as const];
    return language === "yaml" ? listJobCommands(fenced) : [];
  });
}

function toCommands(block: string): readonly PageStep[] {
  const lines = block
    .replace(/\\\n */g, "")
    .trimEnd()
    .split("\n");
  return lines.map((line) => ({ kind: "command", line: line.trim().replace(/ {2,}# .*$/, "") }));
}

/** The commands of a file for a CI: `run` of steps, and `script` of jobs. */
function listJobCommands(yaml: string): readonly PageStep[] {
  const found: string[] = [];
  for (const document of parseAllDocuments(yaml)) if (!("empty" in document)) collectCommands(document.toJS(), found);
  return found.map((line) => ({ kind: "command", line: line.trim() }));
}

function collectCommands(value: unknown, found: string[]): void {
  if (typeof value !== "object" || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    if (name === "run" && typeof member === "string") found.push(member);
    else if (name === "script" && Array.isArray(member)) found.push(...member.map(String));
    else collectCommands(member, found);
  }
}
