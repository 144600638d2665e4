import { rememberResults } from "./remember-results.ts";

/** Keeps one copy of short texts that come again and again: a part of a larger text is a new string each time. */
const LIMITS = { most: 200, longest: 60 };

/** Returns the copy that it knows of each text. It knows the first 200. */
export function createInterner(): (text: string) => string {
  return rememberResults((text) => text, LIMITS);
}
