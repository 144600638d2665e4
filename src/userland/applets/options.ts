/** Options of a command line as busybox reads them (getopt(3)). */
export interface Options {
  /** Letters, or the values of those that take one. */
  readonly given: ReadonlyMap<string, string>;
  readonly words: readonly string[];
}

/**
 * Options may stand behind words, too, but for those whose words are another command's.
 * @param valued the letters whose option has a value, in the same word or the next one
 */
export function optionsOf(argv: readonly string[], valued = "", isOfCommand = false): Options {
  const given = new Map<string, string>();
  const words = argv.slice(1);
  const plain: string[] = [];
  while (words.length > 0) {
    const word = words.shift() as string;
    if (word === "--") break;
    if (!/^-./.test(word)) {
      plain.push(word);
      if (isOfCommand) break;
      continue;
    }
    if (word.startsWith("--")) {
      const [name = "", value = ""] = word.slice(2).split("=");
      given.set(name, value);
    } else takeLetters(word.slice(1), words, valued, given);
  }
  return { given, words: [...plain, ...words] };
}

function takeLetters(letters: string, words: string[], valued: string, given: Map<string, string>): void {
  for (let at = 0; at < letters.length; at += 1) {
    const letter = letters[at] as string;
    if (!valued.includes(letter)) given.set(letter, "");
    else {
      given.set(letter, at + 1 < letters.length ? letters.slice(at + 1) : (words.shift() ?? ""));
      return;
    }
  }
}
