/** `(did you mean RUN?)` (buildkit util/suggest/error.go). */
import { measureEditDistance } from "../../../base/nearest-word.ts";

const FARTHEST = 3;

/** The nearest of the options. Undefined where none is near, or where one is the word itself. */
export function suggestWord(word: string, options: readonly string[], isExact = true): string | undefined {
  const toComparable = (text: string): string => (isExact ? text : text.toLowerCase());
  const target = toComparable(word);
  let best: { readonly option: string; readonly distance: number } | undefined;
  for (const option of options.map(toComparable)) {
    if (option === target) return undefined;
    const distance = measureEditDistance(target, option);
    if (distance < (best?.distance ?? FARTHEST)) best = { option, distance };
  }
  if (best === undefined || isExact) return best?.option;
  return word === word.toUpperCase() && word !== word.toLowerCase() ? best.option.toUpperCase() : best.option;
}

export function formatSuggestion(word: string, options: readonly string[], isExact = true): string {
  const suggestion = suggestWord(word, options, isExact);
  return suggestion === undefined ? "" : ` (did you mean ${suggestion}?)`;
}
