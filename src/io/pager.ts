/** A pager as git runs one: `$PAGER`, else less, which ends by itself where all fits on the screen. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/** Where to write what may be longer than the screen. */
export interface PagedOutput {
  /** Resolves when the text has been taken; false once the user has left the pager. */
  write(text: string): Promise<boolean>;
  /** Resolves when the user has left the pager. */
  close(): Promise<void>;
}

/** The pager's command, for a shell; undefined if the user wants none. */
export function choosePager(env: NodeJS.ProcessEnv): string | undefined {
  const pager = env.PAGER ?? "less";
  return /^\s*(?:cat\s*)?$/.test(pager) ? undefined : pager;
}

/**
 * Starts a pager. Undefined if the user wants none, or it cannot be started.
 * @param env `PAGER`; `LESS` is `FRX` unless it is set: end if one screen is enough, pass colours, leave the screen
 */
export async function openPager(env: NodeJS.ProcessEnv): Promise<PagedOutput | undefined> {
  const command = choosePager(env);
  if (command === undefined) return undefined;
  const child = spawn(command, { shell: true, stdio: ["pipe", "inherit", "inherit"], env: { LESS: "FRX", ...env } });
  if (!(await hasStarted(child))) return undefined;
  return pageThrough(child);
}

function hasStarted(child: ChildProcess): Promise<boolean> {
  return new Promise((resolve) => {
    child.once("spawn", () => resolve(true));
    child.once("error", () => resolve(false));
  });
}

function pageThrough(child: ChildProcess): PagedOutput {
  const stdin = child.stdin as NonNullable<ChildProcess["stdin"]>;
  let isOpen = true;
  const closed = once(child, "close").then(() => {
    isOpen = false;
  });
  // The user may leave before all is written.
  stdin.on("error", () => {
    isOpen = false;
  });
  // Ctrl-C is the pager's.
  const ignore = (): void => undefined;
  process.on("SIGINT", ignore);
  return {
    write: async (text) => {
      if (isOpen && !stdin.write(text)) await Promise.race([once(stdin, "drain").catch(() => undefined), closed]);
      return isOpen;
    },
    close: async () => {
      stdin.end();
      await closed;
      process.off("SIGINT", ignore);
    },
  };
}
