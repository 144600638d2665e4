/**
 * How many steps a backtracking matcher takes at most, told from the pattern alone: each choice multiplies the ways
 * through a text. `a*b*c` may begin at each place of the text, and each of its repetitions end at each place behind.
 */

/** `ways` for each choice of `degree` places in the text, in order; infinite where a choice is repeated without end. */
interface Growth {
  readonly ways: number;
  readonly degree: number;
  /** Characters that one of the ways may go on before it fails, beside repetitions without end. */
  readonly atoms: number;
}

/** A group that is being read. */
interface Frame {
  branches: Growth | undefined;
  sequence: Growth;
  /** What a quantifier applies to. */
  last: Growth;
}

const NOTHING: Growth = { ways: 1, degree: 0, atoms: 0 };
const ONE_WAY: Growth = { ways: 1, degree: 0, atoms: 1 };
const ANY_LENGTH: Growth = { ways: 1, degree: 1, atoms: 1 };
/** So many characters more are compared in the time of a step. */
const ATOMS_OF_STEP = 16;
const TOKEN = /\\.|\[(?:\\.|[^\]\\])*\]|\((?:\?(?:<?[=!]|:|<\w+>))?|(?:[*+?]|\{\d+(?:,\d*)?\})\??|./gs;
const QUANTIFIER = /^(?:[*+?]|\{\d)/;

/**
 * @param source - of a valid regular expression
 * @returns an upper bound of the steps for a text of so many characters
 * @example boundSteps("a*b", "")(100) // 5151: of 101 places, a first and a last one
 */
export function boundSteps(source: string, flags: string): (length: number) => number {
  const tokens = source.match(TOKEN) ?? [];
  const { growth, isAnchored } = readGrowth(tokens);
  const starts = isAnchored && !flags.includes("m") ? NOTHING : ANY_LENGTH;
  const { ways, degree, atoms } = follow(starts, growth);
  const steps = Math.ceil(atoms / ATOMS_OF_STEP);
  if (Number.isFinite(degree)) return (length) => steps * ways * countPlaces(length, degree);
  const choices = 1 + tokens.filter((token) => token === "|" || QUANTIFIER.test(token)).length;
  return (length) => steps * (choices + 1) ** length;
}

/** In how many ways so many places of a text can be chosen, in order: a binomial coefficient. */
function countPlaces(length: number, count: number): number {
  let ways = 1;
  for (let place = 1; place <= count; place += 1) ways *= (length + place) / place;
  return ways;
}

function readGrowth(tokens: readonly string[]): { readonly growth: Growth; readonly isAnchored: boolean } {
  const outer = openFrame();
  const frames = [outer];
  for (const token of tokens) {
    const frame = frames.at(-1) ?? outer;
    if (token.startsWith("(")) frames.push(openFrame());
    else if (token === ")") addAtom(frames.at(-2) ?? outer, closeFrame(frames.pop() ?? outer));
    else if (token === "|") closeBranch(frame);
    else if (QUANTIFIER.test(token)) frame.last = repeat(frame.last, token);
    else addAtom(frame, /^\\[1-9k]/.test(token) ? ANY_LENGTH : ONE_WAY);
  }
  return { isAnchored: tokens[0] === "^" && outer.branches === undefined, growth: closeFrame(outer) };
}

function openFrame(): Frame {
  return { branches: undefined, sequence: NOTHING, last: NOTHING };
}

function addAtom(frame: Frame, atom: Growth): void {
  frame.sequence = follow(frame.sequence, frame.last);
  frame.last = atom;
}

function closeBranch(frame: Frame): void {
  const branch = follow(frame.sequence, frame.last);
  frame.branches = frame.branches === undefined ? branch : choose(frame.branches, branch);
  frame.sequence = NOTHING;
  frame.last = NOTHING;
}

function closeFrame(frame: Frame): Growth {
  closeBranch(frame);
  return frame.branches ?? NOTHING;
}

function follow(one: Growth, other: Growth): Growth {
  return { ways: one.ways * other.ways, degree: one.degree + other.degree, atoms: one.atoms + other.atoms };
}

function choose(one: Growth, other: Growth): Growth {
  const [degree, atoms] = [Math.max(one.degree, other.degree), Math.max(one.atoms, other.atoms)];
  return { ways: one.ways + other.ways, degree, atoms };
}

function repeat({ ways, degree, atoms }: Growth, quantifier: string): Growth {
  const [min, max] = readCounts(quantifier);
  if (max === 0) return NOTHING;
  if (Number.isFinite(max)) return { ways: ways ** max * (max - min + 1), degree: degree * max, atoms: atoms * max };
  return {
    ways: 1,
    degree: ways === 1 && degree === 0 ? 1 : Number.POSITIVE_INFINITY,
    atoms: atoms * Math.max(min, 1),
  };
}

/** `{2,5}` as 2 and 5; `+` as 1 and infinity. */
function readCounts(quantifier: string): readonly [number, number] {
  if (quantifier.startsWith("?")) return [0, 1];
  const [, min, comma, max] = /^\{(\d+)(,?)(\d*)/.exec(quantifier) ?? [];
  if (min === undefined) return [0, Number.POSITIVE_INFINITY];
  if (comma === "") return [Number(min), Number(min)];
  return [Number(min), max === "" ? Number.POSITIVE_INFINITY : Number(max)];
}
