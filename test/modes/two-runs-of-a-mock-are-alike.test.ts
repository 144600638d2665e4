/** Under one seed and one `now`, everything that a client can hear is made of what it asks. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createDiskStore } from "../../src/io/disk/disk-store.ts";
import { createSocketUrl, listen } from "../../src/io/listen/listen.ts";
import { connect } from "../../src/io/upstream/connect.ts";
import { parseUpstream } from "../../src/io/upstream/upstream.ts";
import { mockDocker } from "../../src/modes/mock-docker.ts";
import { replayCassettes } from "../../src/modes/replay.ts";
import { Recording } from "../../src/record/recording.ts";
import { relay } from "../../src/record/relay.ts";
import type { Connection } from "../../src/session/connection.ts";
import { createTemporaryFolder } from "../io/temporary.ts";
import { RECORDED_AT } from "../playbook/http.ts";
import { TestClock } from "../playbook/test-clock.ts";
import { WholeSession } from "../playbook/whole-session.ts";

type Reach = () => Promise<Connection>;

function connectTo(url: string): Reach {
  return () => connect(parseUpstream(url));
}

async function startMock(): Promise<Reach> {
  const docker = await mockDocker({ seed: "one", now: new Date("2026-11-20T12:00:00Z") });
  onTestFinished(() => docker.stop());
  return connectTo(docker.url);
}

/** What is heard through a recorder, whose clock stands still, and the cassette that it makes. */
async function recordMock(): Promise<{ readonly heard: readonly string[]; readonly cassette: string }> {
  const cassette = join(createTemporaryFolder(), "session.yaml");
  const problems: unknown[] = [];
  const warn = (problem: unknown): void => void problems.push(problem);
  const store = createDiskStore(cassette, { mode: "record" });
  const recording = new Recording({ store, clock: new TestClock(), recorded: { at: RECORDED_AT, by: "a test" }, warn });
  const recorder = await listen(createSocketUrl(), relay(await startMock(), recording), { onError: warn });
  const heard = await new WholeSession(connectTo(recorder.url)).heard();
  await recording.finish();
  await recorder.close();
  expect(problems).toEqual([]);
  return { heard, cassette };
}

async function replayCassette(cassette: string): Promise<readonly string[]> {
  const replay = await replayCassettes({ cassettes: [cassette] });
  onTestFinished(async () => void (await replay.stop()));
  return new WholeSession(connectTo(replay.url)).heard();
}

test("two recordings of it are the same cassette, and the replay sends the same bytes", async () => {
  const itself = await new WholeSession(await startMock()).heard();
  const [one, other] = [await recordMock(), await recordMock()];
  expect(one.heard).toEqual(itself);
  expect(readFileSync(other.cassette, "utf8")).toBe(readFileSync(one.cassette, "utf8"));
  expect(await replayCassette(one.cassette)).toEqual(itself);
  const whole = itself.join("");
  for (const said of ["2000\n", "child\n", "bye\n", "Successfully built", "Loaded image: built", "Pushed"]) {
    expect(whole).toContain(said);
  }
  expect(whole).not.toMatch(/HTTP\/1\.1 50/);
});
