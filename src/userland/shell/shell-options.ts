/** The options of a shell: letters, and their names for `set -o`. */

/** In the order in which `set -o` lists them. Those without a letter are known by name only. */
const NAMES: readonly (readonly [name: string, letter: string])[] = [
  ["errexit", "e"], ["noglob", "f"], ["ignoreeof", "I"], ["monitor", "m"], ["noexec", "n"], ["xtrace", "x"], ["verbose", "v"],
  ["noclobber", "C"], ["allexport", "a"], ["notify", "b"], ["nounset", "u"], ["errtrace", "E"], ["vi", "V"], ["pipefail", "pipefail"],
]; // biome-ignore format: a table
const WIDTH = 15;

/** What stands in a shell's options for `errexit`, or for `e`; undefined for what is no option. */
export function findShellOption(text: string): string | undefined {
  const isLetter = text.length === 1;
  return NAMES.find(([name, letter]) => (isLetter ? letter === text : name === text))?.[1];
}

export function formatShellOptions(options: ReadonlySet<string>): string {
  return NAMES.map(([name, letter]) => `${name.padEnd(WIDTH)} ${options.has(letter) ? "on" : "off"}\n`).join("");
}
