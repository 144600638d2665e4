/** Resolves when `coming` has settled or `signal` is aborted, whichever is first. Leaves no listener behind. */
export function settledOrAborted(coming: Promise<unknown>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      signal.removeEventListener("abort", done);
      resolve();
    };
    signal.addEventListener("abort", done, { once: true });
    coming.then(done, done);
  });
}
