/**
 * `make`, which is called at the first use: for what takes a start longer to make than to use, and most processes do not
 * need.
 * @example
 * const findNames = makeOnce(() => new RegExp(NAMES.join("|")));
 * findNames().test(text);
 */
export function makeOnce<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
