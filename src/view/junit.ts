/** A report as JUnit's XML, as Jenkins, GitLab and GitHub's actions read it. */

export interface JunitCase {
  readonly className: string;
  readonly name: string;
  /** Why it failed, a line each; the first is its message. @default none: it passed */
  readonly failures?: readonly string[];
  /** Why it does not count. @default it does */
  readonly skippedBecause?: string | undefined;
}

export function formatJunit(suite: string, cases: readonly JunitCase[]): string {
  const failed = cases.filter(({ failures = [] }) => failures.length > 0).length;
  const skipped = cases.filter(({ skippedBecause }) => skippedBecause !== undefined).length;
  const counts = `tests="${cases.length}" failures="${failed}" skipped="${skipped}"`;
  const lines = cases.map(formatCase).join("\n");
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name="${escapeXml(suite)}" ${counts}>\n${lines}\n</testsuite>\n`;
}

function formatCase({ className, name, failures = [], skippedBecause }: JunitCase): string {
  const [message] = failures;
  const failure =
    message === undefined ? "" : `<failure message="${escapeXml(message)}">${escapeXml(failures.join("\n"))}</failure>`;
  const skipped = skippedBecause === undefined ? "" : `<skipped message="${escapeXml(skippedBecause)}"/>`;
  return `  <testcase classname="${escapeXml(className)}" name="${escapeXml(name)}">${failure}${skipped}</testcase>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\n": "&#10;",
};

/** XML 1.0 cannot hold other control characters, not even escaped (its production 2, Char). */
function escapeXml(text: string): string {
  const toEscape = (character: string): string => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
  return text.replace(/[&<>"\n]|(?!\t)\p{Cc}/gu, (character) => ENTITIES[character] ?? toEscape(character));
}
