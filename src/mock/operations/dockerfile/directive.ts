/** Directives, which stand before any other line: `# syntax=...`, `# escape=`, `# check=...` (buildkit frontend/dockerfile/parser). */

const DIRECTIVE = /^#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$/;

/** The value of a directive. @param name in lower case. Undefined for a Dockerfile without it */
export function findDirective(text: string, name: string): string | undefined {
  for (const line of text.replace(/^\ufeff/, "").split(/\r?\n/)) {
    const [, key = "", value] = DIRECTIVE.exec(line.trim()) ?? [];
    if (key === "") return undefined;
    if (key.toLowerCase() === name) return value;
  }
  return undefined;
}
