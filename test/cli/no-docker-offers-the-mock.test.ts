/** Without Docker, and where nobody named a daemon, what would record docker's own also offers the mock. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import { openRecordedDaemon, type RecordedDaemonArguments } from "../../src/cli/recorded-daemon.ts";
import { connect } from "../../src/io/upstream/connect.ts";
import type { Upstream } from "../../src/io/upstream/upstream.ts";
import { createTemporaryFolder } from "../io/temporary.ts";

const OFFER = "`--upstream mock` is a simulated one, without Docker";
const NOTHING = { write: () => undefined };
const TERMINAL = { stdout: NOTHING, stderr: NOTHING, waitForStop: () => new Promise<void>(() => undefined) };

beforeEach(() => {
  vi.stubEnv("DOCKER_HOST", "");
  vi.stubEnv("DOCKER_CONTEXT", "default");
});

function writeCassette(from: string): string {
  const path = join(createTemporaryFolder(), "web.yaml");
  writeFileSync(path, `whalesong: 1\nrecorded: {at: "2026-11-20", by: whalesong, from: "${from}"}\n`);
  return path;
}

/** The message if the daemon's socket is not there, wherever the tests run. */
async function explainUnreachable(argv: Partial<RecordedDaemonArguments>): Promise<string> {
  const { upstream } = await openRecordedDaemon({ upstream: undefined, ...argv }, TERMINAL as never);
  const absent = { ...(upstream as Upstream), kind: "unix", path: "/no/such.sock" } as const;
  return connect(absent as Upstream).then(
    () => "reached",
    ({ message }: Error) => message,
  );
}

test.each([
  ["a new recording", () => ({ mode: "record" as const, cassette: "new.yaml" })],
  ["an addition to no cassette", () => ({ mode: "append" as const, cassette: "/no/such.yaml" })],
  [
    "an addition to a recording of the mock",
    () => ({ mode: "append" as const, cassette: writeCassette("mock of Docker Engine 28.5.2") }),
  ],
])("%s", async (_, makeArguments) => {
  expect(await explainUnreachable(makeArguments())).toContain(OFFER);
});

test("not an addition to a recording of a real daemon", async () => {
  const cassette = writeCassette("Docker Engine 28.5.2");
  expect(await explainUnreachable({ mode: "append", cassette })).not.toContain(OFFER);
});

test("not where a daemon was named", async () => {
  expect(await explainUnreachable({ mode: "record", upstream: "unix:///other.sock" })).not.toContain(OFFER);
  vi.stubEnv("DOCKER_HOST", "unix:///other.sock");
  expect(await explainUnreachable({ mode: "record" })).not.toContain(OFFER);
});
