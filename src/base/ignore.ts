/** Does nothing: for a callback that is not given, or a promise whose failure shows elsewhere. */
export function ignore(): void {}
