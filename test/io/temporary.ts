import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A folder that is removed when the test ends. */
export function createTemporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "whalesong-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The error that `work` throws or rejects with. */
export async function catchError(work: () => unknown): Promise<{ code: string; message: string; name: string }> {
  try {
    await work();
  } catch (error) {
    return error as { code: string; message: string; name: string };
  }
  throw new Error("nothing was thrown");
}

/** For `expect.poll` where another process must do something: on a busy machine it may take its time. */
export const PATIENTLY = { timeout: 15_000, interval: 5 } as const;
