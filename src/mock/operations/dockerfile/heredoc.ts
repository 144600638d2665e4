/** Here-documents of RUN, COPY and ADD: `RUN <<EOF` and the lines up to `EOF` (buildkit frontend/dockerfile/parser). */
export interface HeredocMark {
  readonly name: string;
  /** Variables in its content are replaced: its name has no quotes. */
  readonly isExpanded: boolean;
  /** Tabs at the begin of its lines are dropped: `<<-EOF`. */
  readonly isChomped: boolean;
}

export interface Heredoc extends HeredocMark {
  /** With a newline at the end of each line. */
  readonly content: string;
  /** How many lines it takes, the one that ends it included. */
  readonly lineCount: number;
}

const MARK = /(?<=^|\s)\d*<<(-?)(?:"([^"\s<]+)"|'([^'\s<]+)'|([^\s<"']+))(?=\s|$)/g;

export function isHeredocInstruction(text: string): boolean {
  return /^(?:run|copy|add)\s/i.test(text);
}

export function parseHeredocMarks(text: string): readonly HeredocMark[] {
  return [...text.matchAll(MARK)].map(([, dash, double, single, plain]) => ({
    name: double ?? single ?? plain ?? "",
    isExpanded: plain !== undefined,
    isChomped: dash === "-",
  }));
}

/** The name of the heredoc that a word of COPY or ADD stands for: `EOF` of `<<-"EOF"`. Undefined for the path of a file. */
export function toHeredocName(word: string): string | undefined {
  return parseHeredocMarks(word)[0]?.name;
}

/** Undefined for a heredoc without an end. */
export function readHeredoc(raw: readonly string[], start: number, mark: HeredocMark): Heredoc | undefined {
  const strip = (line: string): string => (mark.isChomped ? line.replace(/^\t+/, "") : line);
  const end = raw.findIndex((line, at) => at >= start && strip(line) === mark.name);
  if (end === -1) return undefined;
  const lines = raw.slice(start, end).map((line) => `${strip(line)}\n`);
  return { ...mark, content: lines.join(""), lineCount: lines.length + 1 };
}

/** Whether the arguments of a RUN are a heredoc and nothing else: `<<EOF`. */
export function isWholeHeredoc(text: string): boolean {
  return /^\d*<<-?\S+$/.test(text.trim());
}
