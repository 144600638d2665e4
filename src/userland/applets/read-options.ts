/** Options of a command line as busybox reads them (getopt(3)). */
export interface ReadOptions {
  /** Letters, or the values of those that take one. */
  readonly flags: ReadonlyMap<string, string>;
  readonly words: readonly string[];
}

/**
 * Options may stand behind words, too, unless the words are another command.
 * @param valued the letters of options that have a value, in the same word or the next one
 */
export function readOptions(argv: readonly string[], valued = "", isOfCommand = false): ReadOptions {
  const flags = new Map<string, string>();
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
      flags.set(name, value);
    } else takeLetters(word.slice(1), words, valued, flags);
  }
  return { flags, words: [...plain, ...words] };
}

function takeLetters(letters: string, words: string[], valued: string, flags: Map<string, string>): void {
  for (let at = 0; at < letters.length; at += 1) {
    const letter = letters[at] as string;
    if (!valued.includes(letter)) flags.set(letter, "");
    else {
      flags.set(letter, at + 1 < letters.length ? letters.slice(at + 1) : (words.shift() ?? ""));
      return;
    }
  }
}
