import { execFile } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CASSETTES } from "../golden/cassettes.ts";

const STRESS = join(import.meta.dirname, "../../scripts/stress.js");
const TIMES = 60;

test.each(["terminals", "run-cat"])(
  "%s is replayed alike however slow the client and busy the machine is",
  async (name) => {
    const { status, stdout } = await stressed("--times", `${TIMES}`, "--cassette", join(CASSETTES, `${name}.yaml`));
    expect(stdout).toContain(`${TIMES} of ${TIMES} transcripts are the same`);
    expect(status).toBe(0);
  },
);

function stressed(...words: readonly string[]): Promise<{ status: unknown; stdout: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [STRESS, ...words], (error, stdout) => resolve({ status: error?.code ?? 0, stdout }));
  });
}
