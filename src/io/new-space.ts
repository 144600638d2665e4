/**
 * V8 makes objects in a space of their own, and moves to the others what lives on. The space grows to 16 MB, of which it
 * needs twice as much, while a program makes many objects that stay; then it keeps that size. Where all that is made
 * stays, as when 100,000 exchanges are loaded, a large space saves little (a twentieth of the time).
 */
import { setFlagsFromString } from "node:v8";

const GROWTH = "--semi-space-growth-factor";
const NO_GROWTH = 1;
/** V8's default, which cannot be read. */
const DEFAULT_GROWTH = 2;
/** Node 20 to 24. V8 complains on stderr of a flag that it does not know. */
const KNOWN_ENGINE = /^1[123]\./;

/** Runs `load` while V8's space for new objects keeps the size that it has. It must not be asynchronous. */
export function keepNewSpaceSmall<T>(load: () => T): T {
  if (!KNOWN_ENGINE.test(process.versions.v8) || isSetByUser()) return load();
  setFlagsFromString(`${GROWTH}=${NO_GROWTH}`);
  try {
    return load();
  } finally {
    setFlagsFromString(`${GROWTH}=${DEFAULT_GROWTH}`);
  }
}

/** A size that the user has chosen stays. */
function isSetByUser(): boolean {
  return [...process.execArgv, process.env.NODE_OPTIONS ?? ""].some((words) => /semi[-_]space/.test(words));
}
