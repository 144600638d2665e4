/** Compares two texts line by line, by their longest common subsequence. */

export interface DiffLine {
  readonly sign: " " | "-" | "+";
  readonly text: string;
  /** The last line of a file that does not end with a line feed. */
  readonly lacksEnd: boolean;
}

/** What does not count as a difference. */
export interface LineRules {
  readonly foldsCase: boolean;
  readonly squeezesSpace: boolean;
  readonly dropsSpace: boolean;
  readonly skipsBlankLines: boolean;
}

interface TextLine {
  readonly text: string;
  readonly lacksEnd: boolean;
  readonly key: string;
}

export function compareLines(before: Buffer, after: Buffer, rules: LineRules): readonly DiffLine[] {
  const lines = alignLines(splitLines(before, rules), splitLines(after, rules));
  return rules.skipsBlankLines ? dropBlankChanges(lines) : lines;
}

function splitLines(bytes: Buffer, rules: LineRules): TextLine[] {
  const texts = bytes.toString("latin1").split("\n");
  const isWhole = texts.at(-1) === "";
  if (isWhole) texts.pop();
  return texts.map((text, at) => {
    const lacksEnd = !isWhole && at === texts.length - 1;
    return { text, lacksEnd, key: `${toKey(text, rules)}${lacksEnd ? "\0" : ""}` };
  });
}

function toKey(text: string, { foldsCase, squeezesSpace, dropsSpace }: LineRules): string {
  const spaced = dropsSpace ? text.replace(/\s+/g, "") : squeezesSpace ? text.replace(/\s+/g, " ").trimEnd() : text;
  return foldsCase ? spaced.toLowerCase() : spaced;
}

function alignLines(one: readonly TextLine[], other: readonly TextLine[]): DiffLine[] {
  const lengths = measureCommon(one, other);
  const measure = (row: number, column: number): number => lengths[row]?.[column] ?? 0;
  const lines: DiffLine[] = [];
  for (let row = 0, column = 0; row < one.length || column < other.length; ) {
    const [left, right] = [one[row], other[column]];
    if (left !== undefined && left.key === right?.key) {
      lines.push({ sign: " ", ...left });
      row += 1;
      column += 1;
    } else if (left !== undefined && (right === undefined || measure(row + 1, column) >= measure(row, column + 1))) {
      lines.push({ sign: "-", ...left });
      row += 1;
    } else {
      lines.push({ sign: "+", ...(right as TextLine) });
      column += 1;
    }
  }
  return lines;
}

/** For each pair of places, how many lines the rests have in common. */
function measureCommon(one: readonly TextLine[], other: readonly TextLine[]): readonly Uint32Array[] {
  const lengths = Array.from({ length: one.length + 1 }, () => new Uint32Array(other.length + 1));
  for (let row = one.length - 1; row >= 0; row -= 1) {
    const [here, below] = [lengths[row] as Uint32Array, lengths[row + 1] as Uint32Array];
    for (let column = other.length - 1; column >= 0; column -= 1) {
      here[column] =
        one[row]?.key === other[column]?.key
          ? (below[column + 1] as number) + 1
          : Math.max(below[column] as number, here[column + 1] as number);
    }
  }
  return lengths;
}

/** A run of changes whose lines are all blank is none. */
function dropBlankChanges(lines: readonly DiffLine[]): DiffLine[] {
  const kept: DiffLine[] = [];
  for (let at = 0; at < lines.length; ) {
    const end = lines.findIndex(({ sign }, index) => index >= at && sign === " ");
    const run = lines.slice(at, end === -1 ? undefined : end);
    if (run.some(({ text }) => text.trim() !== "")) kept.push(...run);
    else kept.push(...run.flatMap((line) => (line.sign === "-" ? [{ ...line, sign: " " as const }] : [])));
    if (end !== -1) kept.push(lines[end] as DiffLine);
    at = end === -1 ? lines.length : end + 1;
  }
  return kept;
}
