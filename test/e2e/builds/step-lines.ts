/**
 * What clients print of builds with `--progress plain`, made comparable: steps that run side by side are printed in any
 * order and in pieces, with numbers, times, ids and sizes that differ from run to run.
 */

/** The lines of each step together, the steps sorted; then all other lines, in order. */
export function toStepLines(printed: string): string[] {
  const steps = new Map<string, string[]>();
  const others: string[] = [];
  for (const line of printed.split("\n").map((text) => text.replace(COLORS, "").trimEnd())) {
    const [, number = "", text = ""] = /^#(\d+) ?(.*)$/.exec(line) ?? [];
    if (number !== "") steps.set(number, [...(steps.get(number) ?? []), text]);
    else if (line !== "") others.push(withoutIds(line.replace(/^\d+\.\d+(?= |$)/, "<time>")));
  }
  const blocks = [...steps.values()].map(toBlock).sort();
  return [...blocks.flatMap((block) => block.split("\n")), ...sortLines(others)];
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one
const COLORS = /\u001b\[\d*m/g;
const UNDER_WAY = /^(?:transferring|copying|sending|exporting|writing|naming|resolve)\b.*(?<! done)$/;
/** A client that is late prints no warnings at a step, or prints them twice; all of them stand at its end. */
const WARNING = /^WARN: /;
const OUTCOME = /^(?:DONE|CACHED|CANCELED|ERROR: .*)$/;

/** The step's name, which each piece repeats, and below it what it printed. Its last outcome stands at its end. */
function toBlock([name = "", ...rest]: readonly string[]): string {
  const isName = (line: string): boolean => withoutIds(line) === withoutIds(name);
  const lines = rest.filter((line) => !isName(line) && line !== "...").map(withoutTimes);
  const events = lines.filter((line) => ![OUTCOME, UNDER_WAY, WARNING].some((kind) => kind.test(line)));
  const outcome = lines.findLast((line) => OUTCOME.test(line)) ?? "";
  const shown = outcome === "" ? events : [...events, outcome];
  return [withoutIds(name), ...shown.map((line) => `  ${withoutIds(line)}`)].join("\n");
}

/** Work under way is printed as often as the client's clock ticks; only its end is comparable. */
function withoutTimes(line: string): string {
  return line
    .replace(/^\d+\.\d+(?= |$)/, "<time>")
    .replace(/^(transferring [\w ]+:)(?: \d+(?:\.\d+)?[kMG]?B)?/, "$1")
    .replace(/ \d+(?:\.\d+)?[kMG]?B(?= (?:\d+\.\d+s )?done$)/, "")
    .replace(/(?: \d+\.\d+s)? done$/, " done")
    .replace(/^(DONE) \d+\.\d+s$/, "$1");
}

/** Which target of a bake gives a step that two of them share its name is chance, as is which of two services is first. */
function withoutIds(line: string): string {
  return line
    .replace(/^(\s*(?:> )?)\[(?:one|two|good|bad) /, "$1[")
    .replace(/sha256:[0-9a-f]{64}/g, "<digest>")
    .replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "<id>")
    .replace(/\b[a-z0-9]{25}\b/g, "<id>")
    .replace(/^time="[^"]*"/, 'time="<time>"');
}

/** buildx has the warnings and the rules of a build in maps of Go, which have no order. */
function sortLines(lines: readonly string[]): string[] {
  const isSorted = (line: string): boolean => line.startsWith(" - ") || /^ [\w-]+ +Built$/.test(line);
  const sorted = lines.filter(isSorted).sort();
  return lines.map((line) => (isSorted(line) ? (sorted.shift() as string) : line)).map(sortRules);
}

function sortRules(line: string): string {
  return line.replace(/(?<=lint violation found for rules: ).*/, (rules) => rules.split(", ").sort().join(", "));
}
