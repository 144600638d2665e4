/** The pages that people read, and what stands in them. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

export const ROOT: string = join(import.meta.dirname, "../..");

export interface Page {
  /** Relative to the repository. */
  readonly path: string;
  readonly text: string;
}

export function page(path: string): Page {
  return { path, text: readFileSync(join(ROOT, path), "utf8") };
}

export function pages(): Page[] {
  const docs = filesIn("docs").filter((path) => path.endsWith(".md"));
  const kits = filesIn("kits").filter((path) => path.endsWith("README.md"));
  return ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", ...docs, ...kits].map(page);
}

/** The files below a folder, relative to the repository. */
export function filesIn(folder: string): string[] {
  const found = readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true });
  return found.filter((entry) => entry.isFile()).map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));
}

export interface Heading {
  readonly level: number;
  readonly text: string;
  /** What a link behind `#` calls it. */
  readonly anchor: string;
}

export function headingsOf({ text }: Page): Heading[] {
  const taken = new Map<string, number>();
  return [...withoutCode(text).matchAll(/^(#{1,6}) (.+)$/gm)].map(([, marks = "", words = ""]) => {
    const slug = words
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_\- ]/gu, "")
      .replaceAll(" ", "-");
    const count = taken.get(slug) ?? 0;
    taken.set(slug, count + 1);
    return { level: marks.length, text: words, anchor: count === 0 ? slug : `${slug}-${count}` };
  });
}

/** The text below a heading, up to the next of its level. */
export function section({ path, text }: Page, heading: string): Page {
  const lines = text.split("\n");
  const start = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, "") === heading);
  if (start === -1) return { path, text: "" };
  const level = (lines[start] as string).indexOf(" ");
  const length = lines.slice(start + 1).findIndex((line) => /^#+ /.test(line) && line.indexOf(" ") <= level);
  return { path, text: lines.slice(start, length === -1 ? undefined : start + 1 + length).join("\n") };
}

/** `[words](target)`, those in code left out. */
export function linksOf({ text }: Page): string[] {
  return [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target as string);
}

export function examplesOf({ text }: Page, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(
    ([, code]) => code as string,
  );
}

function withoutCode(text: string): string {
  return text
    .replace(/^```[\s\S]*?^```$/gm, "")
    .replace(/`[^`\n]*`(?=[^\]]*$)/gm, (code) => (/^`#/.test(code) ? "" : code));
}
