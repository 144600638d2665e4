/** Splits a line for `read` (POSIX, read): the last variable takes the rest of the line. */

export interface ReadLetter {
  readonly letter: string;
  /** A backslash before it keeps it from being a separator. */
  readonly isEscaped: boolean;
}

export function splitForRead(letters: readonly ReadLetter[], separators: string, count: number): string[] {
  const isBlank = ({ letter, isEscaped }: ReadLetter): boolean =>
    !isEscaped && separators.includes(letter) && /\s/.test(letter);
  const isMark = ({ letter, isEscaped }: ReadLetter): boolean =>
    !isEscaped && separators.includes(letter) && !/\s/.test(letter);
  const fields: string[] = [];
  let at = skip(letters, 0, isBlank);
  while (fields.length < count - 1 && at < letters.length) {
    const end = skip(letters, at, (letter) => !isBlank(letter) && !isMark(letter));
    fields.push(join(letters.slice(at, end)));
    at = skip(letters, end, isBlank);
    if (at < letters.length && isMark(letters[at] as ReadLetter)) at = skip(letters, at + 1, isBlank);
  }
  if (at < letters.length) fields.push(joinRest(letters.slice(at), isBlank, isMark));
  return fields;
}

/** Blanks at its end are not of the rest; nor is one mark, where it is the only one. */
function joinRest(
  rest: readonly ReadLetter[],
  isBlank: (letter: ReadLetter) => boolean,
  isMark: (letter: ReadLetter) => boolean,
): string {
  let end = rest.length;
  while (end > 0 && isBlank(rest[end - 1] as ReadLetter)) end -= 1;
  const last = rest[end - 1];
  const isTerminated = last !== undefined && isMark(last) && rest.findIndex((letter) => isMark(letter)) === end - 1;
  const hasGap = rest.slice(0, end).some((letter) => isBlank(letter));
  return join(rest.slice(0, isTerminated && !hasGap ? end - 1 : end));
}

function skip(letters: readonly ReadLetter[], start: number, isSkipped: (letter: ReadLetter) => boolean): number {
  let at = start;
  while (at < letters.length && isSkipped(letters[at] as ReadLetter)) at += 1;
  return at;
}

function join(letters: readonly ReadLetter[]): string {
  return letters.map(({ letter }) => letter).join("");
}
