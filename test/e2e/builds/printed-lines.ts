/**
 * What a build's client prints, made comparable: the set of its lines. Numbers of steps, times and lines of work that is
 * not done yet depend on the client's own clock, and two steps that end together are printed in either order.
 */
export function toComparableLines(printed: string): string[] {
  const lines = withoutLogins(printed.split("\n")).map(withoutTimes).filter(isComparable);
  const distinct = [...new Set(lines)];
  const isBegun = (line: string): boolean =>
    distinct.some((other) => other.startsWith(`${line} `) && other.endsWith(" done"));
  return distinct.filter((line) => !isBegun(line)).sort();
}

/** A client prints steps of its own when it is asked for a login; no replay asks (docs/limits.md). */
function withoutLogins(lines: readonly string[]): string[] {
  const numbers = new Set(lines.flatMap((line) => /^(#\d+) \[auth\] /.exec(line)?.[1] ?? []));
  return lines.filter((line) => !numbers.has(line.split(" ", 1)[0] ?? ""));
}

function withoutTimes(line: string): string {
  return line
    .replace(/\r$/, "")
    .replace(/^#\d+ /, "# ")
    .replace(/^# \d+\.\d+ /, "# <time> ")
    .replace(/\b\d+\.\d+s\b/g, "<time>")
    .replace(/^(Last Activity: +).*/, "$1<the client's clock>")
    .replace(/\[(?:one|two) /, "[")
    .replace(/(?: <time>)+ done$/, " done")
    .replace(/ <time>$/, "");
}

/** Work under way is printed as often as the client's clock ticks. */
function isComparable(line: string): boolean {
  if (line.trim() === "" || line === "# ...") return false;
  return !/^# (?:transferring|copying|sending|exporting|pushing|extracting|sha256:)\b.*(?<! done)$/.test(line);
}
