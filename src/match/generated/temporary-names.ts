/**
 * The grammars of names that libraries make up for one run: temporary folders, unique ids, pet names. A name is judged as
 * it was recorded; today's only has to have the same grammar, for a random name does not look random every time. Names
 * that a person may have given (versions, dates, ports, sizes, words) must not count.
 */
import { isPetName } from "./pet-names.ts";

export interface TemporaryName {
  /** What makes such names. */
  readonly maker: string;
  /** Where its grammar is defined. */
  readonly source: string;
  /** The first group is not made up: it must be equal in both names. A binding replaces whole words, so it has them whole. */
  readonly pattern: RegExp;
  /** Whether a name of this grammar is made up, and not given. @default each is */
  readonly isMadeUp?: (varying: string) => boolean;
  /** It is recognised in any field of a request, not only where clients put names. @default false */
  readonly isPlain?: boolean;
  /** It is recognised only where a request gives an image its name: a container may well be called so. @default false */
  readonly isImageName?: boolean;
  /** Two numbers that share most digits are a counter's, or one was edited. @default false: it has other characters */
  readonly isNumber?: boolean;
  /** Digits that were given may stand before the number, with nothing between. @default false */
  readonly hasCounter?: boolean;
}

const START = "(?<![A-Za-z0-9])";
const END = "(?![A-Za-z0-9])";
/** The folders for temporary files of Linux and macOS, and what a name in them may begin with. */
const IN_TEMPORARY_FOLDER = String.raw`(?<=\/(?:tmp|T|shm)\/(?:[^\/\s"':,]*[-._])?)`;

/** Where a text stands: a request gives an image this name, or a client puts names there, or it may be an instruction. */
export type NamePlace = "image-name" | "name" | "other";

/** How many digits of a counter may stand before a number that is made up. */
export const COUNTERS: readonly number[] = [0, 1, 2, 3, 4, 5, 6];

/** The order matters: a name is taken by the first grammar that it has. */
export const TEMPORARY_NAMES: readonly TemporaryName[] = [
  {
    maker: "a server of the client's own, at a port that the kernel chose",
    source: "ip(7), ip_local_port_range: 32768 to 60999; RFC 6335, 6: 49152 to 65535",
    pattern: /(?<![\w.-])((?:127\.0\.0\.1|localhost|host\.docker\.internal):)\d{5}(?!\d)/g,
    isMadeUp: isEphemeralPort,
    isPlain: true,
  },
  {
    maker: "Ruby's Dir.mktmpdir and Tempfile",
    source: "ruby lib/tmpdir.rb, Dir::Tmpname.create: the date, the pid, a number of 32 bits in base 36",
    pattern: new RegExp(`${START}([A-Za-z]*)20\\d{6}-\\d{1,7}-[a-z0-9]{1,7}${END}`, "g"),
    isPlain: true,
  },
  {
    maker: "Python's tempfile",
    source: "cpython Lib/tempfile.py, _RandomNameSequence: eight of [a-z0-9_] behind `tmp`",
    pattern: /(?<![A-Za-z0-9_])(tmp)[a-z0-9_]{8}(?![A-Za-z0-9_])/g,
    isMadeUp: (name) => hasDigitsWithin(name) || /[1-9]\d\d$/.test(name),
    isPlain: true,
  },
  {
    maker: "Rust's tempfile",
    source: "the crate tempfile, Builder: six of [A-Za-z0-9] behind `.tmp`",
    pattern: new RegExp(`(?<![A-Za-z0-9])(\\.tmp)[A-Za-z0-9]{6}${END}`, "g"),
    isMadeUp: isMixed,
    isPlain: true,
  },
  {
    maker: "mktemp(1)",
    source: "coreutils src/mktemp.c, busybox debianutils/mktemp.c: ten or six of [A-Za-z0-9] behind `tmp.`",
    pattern: new RegExp(`${START}(tmp\\.)(?:[A-Za-z0-9]{10}|[A-Za-z0-9]{6})${END}`, "g"),
    isMadeUp: isMixed,
    isPlain: true,
  },
  {
    maker: "mktemp(1) with a template of ten",
    source: "coreutils src/mktemp.c: as many of [A-Za-z0-9] as the template has X behind its last dot or dash",
    pattern: new RegExp(`${IN_TEMPORARY_FOLDER}(?<=[-_.])()[A-Za-z0-9]{10}${END}`, "g"),
    isMadeUp: (name) => isMixed(name) && isNoWord(name) && countPieces(name) > 3,
    isPlain: true,
  },
  {
    maker: "Java's Files.createTempDirectory",
    source: "openjdk java/nio/file/TempFileHelper.java: an unsigned number of 64 bits in decimal",
    pattern: new RegExp(`${START}([A-Za-z]*)\\d{17,20}${END}`, "g"),
    isMadeUp: isNoRoundNumber,
    isNumber: true,
  },
  {
    maker: "Go's testing.T.TempDir, also of a subtest whose name ends in digits",
    source:
      "go src/testing/testing.go, TempDir: the test's name, a number of 32 bits in decimal, a folder of three digits",
    pattern: /(?<=\/)([A-Za-z](?:[^/\s"':]*[^/\s"':\d])?)\d{5,16}(?=\/\d{3}(?!\d))/g,
    isMadeUp: (digits) => COUNTERS.some((length) => isRandomDecimal(digits.slice(length))),
    isNumber: true,
    hasCounter: true,
  },
  {
    maker: "Go's os.MkdirTemp in a temporary folder, also behind a prefix that ends in digits",
    source: "go src/os/tempfile.go, nextRandom: a number of 32 bits in decimal",
    pattern: new RegExp(
      `${IN_TEMPORARY_FOLDER}${START}(?:([A-Za-z_]*[A-Za-z])\\d{5,16}|(?<=[-_.])()\\d{5,16})${END}`,
      "g",
    ),
    isMadeUp: (digits) => isRandomDecimal(digits) || isCountedDecimal(digits),
    isPlain: true,
    isNumber: true,
    hasCounter: true,
  },
  {
    maker: "Go's os.MkdirTemp",
    source: "go src/os/tempfile.go, nextRandom: a number of 32 bits in decimal",
    pattern: new RegExp(`${START}([A-Za-z_]*[A-Za-z])\\d{5,10}${END}`, "g"),
    isMadeUp: isRandomDecimal,
    isNumber: true,
  },
  {
    maker: "Go's os.MkdirTemp with a separator",
    source: "go src/os/tempfile.go, nextRandom: a number of 32 bits in decimal",
    pattern: new RegExp(`(?<=[A-Za-z][A-Za-z0-9]*[-_.])()\\d{5,10}${END}`, "g"),
    isMadeUp: (digits) => digits.length > 8 && isRandomDecimal(digits),
    isNumber: true,
  },
  {
    maker: "mkdtemp(3), as Node's fs.mkdtemp and .NET's Directory.CreateTempSubdirectory use it",
    source: "glibc sysdeps/posix/tempname.c: six of [A-Za-z0-9]",
    pattern: new RegExp(`${IN_TEMPORARY_FOLDER}()[A-Za-z0-9]{6}${END}`, "g"),
    isMadeUp: isMixed,
    isPlain: true,
  },
  {
    maker: ".NET's Path.GetRandomFileName",
    source: "dotnet System.Private.CoreLib/Path.cs: eight and three of [a-z0-5]",
    pattern: new RegExp(`${IN_TEMPORARY_FOLDER}()[a-z0-5]{8}\\.[a-z0-5]{3}${END}`, "g"),
    isMadeUp: (name) => /\d/.test(name.slice(9)) && isNoWord(name.slice(0, 8)),
    isPlain: true,
  },
  {
    maker: "Python's tempfile with a prefix of the caller's",
    source: "cpython Lib/tempfile.py, mkdtemp and NamedTemporaryFile: eight of [a-z0-9_] between prefix and suffix",
    pattern: new RegExp(`${IN_TEMPORARY_FOLDER}()[a-z0-9_]{8}(?![A-Za-z0-9_])`, "g"),
    isMadeUp: hasDigitsWithin,
    isPlain: true,
  },
  {
    maker: "ULID",
    source: "github.com/ulid/spec: 26 of Crockford's base 32, the first ten of them the time",
    pattern: new RegExp(`${START}()[0-7](?:[0-9A-HJKMNP-TV-Z]{25}|[0-9a-hjkmnp-tv-z]{25})${END}`, "g"),
    isMadeUp: (name) => /[A-Za-z]/.test(name) && isNoWord(name.toLowerCase()),
    isPlain: true,
  },
  {
    maker: "KSUID",
    source: "github.com/segmentio/ksuid: 27 of base 62",
    pattern: new RegExp(`${START}()[A-Za-z0-9]{27}${END}`, "g"),
    isMadeUp: (name) => isMixed(name) && isNoWord(name),
    isPlain: true,
  },
  {
    maker: "nanoid",
    source: "github.com/ai/nanoid, url-alphabet: 21 of [A-Za-z0-9_-]",
    pattern: /(?<![\w-])()[\w-]{21}(?![\w-])/g,
    isMadeUp: (name) => /[A-Z]/.test(name) && /[a-z]/.test(name) && /\d/.test(name) && isNoWord(name),
  },
  {
    maker: "docker's names of containers",
    source: "moby internal/namesgenerator/names-generator.go: an adjective and a surname, and a digit if it is taken",
    pattern: /(?<![A-Za-z0-9_])()[a-z]+_[a-z]+\d?(?![A-Za-z0-9_])/g,
    isMadeUp: isPetName,
  },
  {
    maker: "JavaScript's Math.random().toString(36).substring(7), as dockerode's tests name images",
    source:
      "ECMA-262, Number.prototype.toString: about eleven digits of base 36 behind `0.`; the last four to seven of them",
    pattern: /^()[a-z0-9]{4,7}(?=$|:)/g,
    isMadeUp: hasDigitsWithin,
    isImageName: true,
  },
];

/** Words have one case, and are pronounced: no four consonants in a row. They make up half of the text at most. */
function isNoWord(text: string): boolean {
  const runs = text.match(/[A-Z]?[a-z]{3,}|[A-Z]{4,}/g) ?? [];
  const isWord = (run: string): boolean => run.length > 3 && /[aeiouy]/i.test(run) && !/[^aeiouy]{4}/i.test(run);
  return runs.filter(isWord).join("").length * 2 <= text.length && !isNumbered(text);
}

/** A word and a number, or a number alone, which may be a date: `test01`, `20261128`. */
function isNumbered(text: string): boolean {
  return /^(?:[A-Za-z_-]*\d{1,4}|\d+)$/.test(text);
}

/** A digit among the letters makes a word of them no more, unless it counts what can be pronounced: `data001`, not `swxwco57`. */
function hasDigitsWithin(text: string): boolean {
  if (!/\d/.test(text)) return isNoWord(text);
  const [, letters = ""] = /^(.*[^\d])[1-9]\d*$/.exec(text) ?? [];
  return !isNumbered(text) || isUnpronounced(letters);
}

/** Neither English words nor abbreviations of them have four consonants in a row, or two of the rarest letters. */
function isUnpronounced(letters: string): boolean {
  return letters.length > 3 && /[bcdfghj-np-tv-xz]{4}|[jqvwxz]{2}|q(?!u)/.test(letters.replace(/www|https?/g, ""));
}

/** Of two kinds of characters at least, and neither words in capitals (`MyTest`) nor a word with a number (`test01`). */
function isMixed(text: string): boolean {
  const kinds = [/[a-z]/, /[A-Z]/, /\d/].filter((kind) => kind.test(text)).length;
  const isCapitalized = /^(?:[A-Z]?[a-z]+){1,2}$/.test(text);
  const isCounted = /^(?:[A-Z]?[a-z]+|[A-Z]+)\d+$|^v\d/.test(text);
  return kinds > 1 && !isCapitalized && !isCounted;
}

function isEphemeralPort(text: string): boolean {
  return Number(text) >= 32_768 && Number(text) < 65_536 && !/00$/.test(text);
}

/** Runs of capitals, of small letters and of digits, where a capitalized word is one. */
function countPieces(text: string): number {
  return text.match(/[A-Z]?[a-z]+|[A-Z]+|\d+/g)?.length ?? 0;
}

function isNoRoundNumber(text: string): boolean {
  return !/0{5}$/.test(text);
}

/** Six to ten digits that are not a date, a size or a round number. */
export function isRandomDecimal(digits: string): boolean {
  const number = Number(digits);
  if (digits.length < 6 || digits.length > 10) return false;
  const isDate = /^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])?$/.test(digits);
  const isRound = /000$/.test(digits) || number % 2 ** 16 === 0;
  return number < 2 ** 32 && !digits.startsWith("0") && !isDate && !isRound;
}

/** A counter before a long number. A shorter one could be all of a number that was given. */
function isCountedDecimal(digits: string): boolean {
  const isDate = /^20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])/.test(digits);
  return !isDate && COUNTERS.some((length) => digits.length >= length + 9 && isRandomDecimal(digits.slice(length)));
}
