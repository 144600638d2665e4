/** Everything that can go on without time, disk or another's word has gone on. */
export async function waitForQuiet(turns = 20): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Waits for what must come; a test that waits in vain says for what. */
export async function waitSoon<T>(coming: Promise<T>, what: () => string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited in vain for ${what()}`)), 5000);
  });
  return Promise.race([coming, late]).finally(() => clearTimeout(timer));
}
