import { spawn } from "node:child_process";

/** The command of each platform that opens a file with the program for it. */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ["open"],
  win32: ["explorer.exe"],
};

/**
 * Opens a file with the user's program for it, and does not wait for that. `BROWSER` names another one.
 * Resolves to false if there is none.
 */
export function openInBrowser(path: string, env: NodeJS.ProcessEnv, platform: NodeJS.Platform): Promise<boolean> {
  const [command, ...words] = env.BROWSER ? [env.BROWSER] : (OPENERS[platform] ?? ["xdg-open"]);
  return new Promise((resolve) => {
    const child = spawn(command, [...words, path], { detached: true, stdio: "ignore" });
    child.once("error", () => resolve(false));
    child.once("spawn", () => resolve(true));
    child.unref();
  });
}
