/**
 * The lines of a secret that are secrets by themselves: of a private key each line of digits is as secret as the key,
 * and it is printed alone by what indents, joins or searches lines. Only lines that look random count: if any line of
 * a file of settings did, `version: 2` would be masked wherever it stands. Text is latin1.
 */

/** As a text has them, or as JSON does in one. */
const LINE_END = /\r\n|[\r\n]|(?:\\r)?\\n/;
/** A line without what stands around it in a list or a string: found from both ends, or many blanks take minutes. */
const CORE = /[^\s"',](?:[\s\S]*[^\s"',])?/;
const LETTERS_AND_DIGITS = /^[A-Za-z0-9+/=_-]{24,}$/;
const HEX = /^(?=.*\d.*\d)(?=.*[a-f].*[a-f])[0-9a-f]{32,}$/i;
/** Blocks of a PEM file that are public: they stand in many places beside the key. */
const PUBLIC_BLOCK =
  /-----BEGIN [A-Z0-9 ]{0,40}(?:CERTIFICATE|PUBLIC KEY|PARAMETERS|CRL)[A-Z0-9 ]{0,40}-----[\s\S]*?-----END [\s\S]*?-----/g;
/** Of letters and digits at random three of five neighbours are of different kinds, of words one of five. */
const LEAST_CHANGES = 1 / 4;

/** @param value may have one line, which is the value itself and none of its parts */
export function listSecretLines(value: string): readonly string[] {
  if (!LINE_END.test(value)) return [];
  const lines = value.replace(PUBLIC_BLOCK, "").split(LINE_END);
  return lines.map((line) => CORE.exec(line)?.[0] ?? "").filter((line) => line !== value && isRandom(line));
}

function isRandom(line: string): boolean {
  if (HEX.test(line)) return true;
  // Of 64 characters in base64 all are letters once in 50,000 lines.
  return LETTERS_AND_DIGITS.test(line) && /\d|^.{60}/.test(line) && countChanges(line) >= line.length * LEAST_CHANGES;
}

/** How often a letter or digit is followed by one of another kind. The parts of a path or a name count as one text. */
function countChanges(line: string): number {
  const kinds = Array.from(line.replace(/[^A-Za-z0-9]/g, ""), classify);
  return kinds.filter((kind, at) => at > 0 && kind !== kinds[at - 1]).length;
}

function classify(character: string): "upper" | "lower" | "digit" {
  if (/[A-Z]/.test(character)) return "upper";
  return /[a-z]/.test(character) ? "lower" : "digit";
}
