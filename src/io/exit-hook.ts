/**
 * Runs `tidy` when the process exits, unless the returned function is called before. Each hook raises the limit of
 * listeners by one: thirty open sockets are thirty hooks, and not the leak that Node would warn of.
 */
export function runAtExit(tidy: () => void): () => void {
  raiseListenerLimit(1);
  process.once("exit", tidy);
  return () => {
    if (!process.listeners("exit").includes(tidy)) return;
    process.off("exit", tidy);
    raiseListenerLimit(-1);
  };
}

function raiseListenerLimit(by: number): void {
  const limit = process.getMaxListeners();
  if (limit !== 0) process.setMaxListeners(limit + by);
}
