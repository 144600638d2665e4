/** What `make` resolves with, made once for all rows that need it. What failed is made again, since tests are retried. */
export function share<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
