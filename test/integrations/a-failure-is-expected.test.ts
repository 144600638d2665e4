import { existsSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { type MockDocker, mockDocker } from "../../src/integrations/mock.ts";
import { useCassette } from "../../src/integrations/use-cassette.ts";
import { createTemporaryFolder } from "../io/temporary.ts";

const FAILURE = new Error("as it should");
const daemons: MockDocker[] = [];

afterEach(() => Promise.all(daemons.splice(0).map((daemon) => daemon.stop())));

function ask(socketPath: string, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const end = (status: number | undefined) => resolve(status ?? 0);
    request({ socketPath, path, agent: false }, (response) =>
      response.resume().on("end", () => end(response.statusCode)),
    )
      .on("error", reject)
      .end();
  });
}

interface TestBody {
  readonly path: string;
  readonly fails: boolean;
}

/** As a runner runs a test of `test.failing`. */
async function runExpecting(cassette: string, mode: "record" | "replay", { path, fails }: TestBody) {
  const upstream = await mockDocker();
  daemons.push(upstream);
  const warn = vi.fn();
  const ended = await useCassette(cassette, { mode, upstream, warn, expectsFailure: true }, async ({ socketPath }) => {
    await ask(socketPath, path);
    if (fails) throw FAILURE;
  }).catch((error: unknown) => error);
  return { ended, warnings: warn.mock.calls.map(([problem]) => String(problem)) };
}

function createPath(): string {
  return join(createTemporaryFolder(), "fails.yaml");
}

describe("a test that is to fail", () => {
  test("fails, and its failure keeps the recording, which is replayed", async () => {
    const cassette = createPath();
    for (const mode of ["record", "replay"] as const)
      expect(await runExpecting(cassette, mode, { path: "/info", fails: true })).toEqual({
        ended: FAILURE,
        warnings: [],
      });
    expect(existsSync(cassette)).toBe(true);
  });

  test("and passes, has no recording", async () => {
    const cassette = createPath();
    const run = await runExpecting(cassette, "record", { path: "/info", fails: false });
    expect(run).toEqual({ ended: undefined, warnings: [] });
    expect(existsSync(cassette)).toBe(false);
  });

  test.each([true, false])(
    "and asks otherwise than recorded, does not fail: so its runner says, failing: %s",
    async (fails) => {
      const cassette = createPath();
      await runExpecting(cassette, "record", { path: "/info", fails: true });
      const { ended, warnings } = await runExpecting(cassette, "replay", { path: "/version", fails });
      expect(ended).toBeUndefined();
      expect(warnings).toEqual([expect.stringContaining("the requests to Docker differ")]);
    },
  );

  test("and has no cassette, does not fail: so its runner says", async () => {
    const { ended, warnings } = await runExpecting(createPath(), "replay", { path: "/info", fails: true });
    expect(ended).toBeUndefined();
    expect(warnings).toEqual([expect.stringContaining("there is no cassette")]);
  });
});
