/**
 * A secret in each place where Docker's clients have one, recorded from the simulated daemon and from real ones: it is
 * in no file of the recording, in no spelling, and the same session replays with other secrets.
 */
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CANARY_SESSIONS, type CanarySession, type CanaryUpstream } from "./canaries/canary-sessions.ts";
import {
  findLeaks,
  GUARD,
  listSecretNames,
  playCanaries,
  type Spell,
  spellRecorded,
  spellReplayed,
} from "./canaries/play-canaries.ts";
import type { Said } from "./cli-player.ts";
import type { ClientName } from "./clients.ts";
import { isMissing, type PrivateDaemon, startDaemon } from "./engines.ts";
import { folderForAll } from "./folder.ts";
import { startWhalesong } from "./whalesong.ts";

const folder = folderForAll();
/** The passwords of the session's logins, as `htpasswd -B` writes them. */
const HTPASSWD = [
  "me:$2b$04$whalesongwhalesongwhaOzax7qj/Xow35kRmAMOVr76V550cMZDS",
  "you:$2b$04$whalesongwhalesongwhaO0QyS3pRdnbpajQbrM/XZBOSmPCs79P2",
].join("\n");

interface Row {
  readonly upstream: CanaryUpstream;
  readonly client: ClientName;
  readonly session: CanarySession;
}

/** `ROWS="mock.*compose"` runs only the rows whose title it matches. */
function chosenRows(): readonly (Row & { readonly title: string })[] {
  const rows = CANARY_SESSIONS.flatMap((session) =>
    session.upstreams.flatMap((upstream) => session.clients.map((client) => ({ upstream, client, session }))),
  );
  return rows
    .map((row) => ({ ...row, title: `${row.upstream}, ${row.client}: ${row.session.does}` }))
    .filter(({ title }) => new RegExp(process.env.ROWS ?? "").test(title));
}

interface ReplayReport {
  readonly missed: readonly unknown[];
  readonly stalled: readonly unknown[];
  readonly problems: readonly unknown[];
}

async function record({ client, session }: Row, cassette: string, upstream: string): Promise<readonly Said[]> {
  const whalesong = await startWhalesong("record", cassette, "--upstream", upstream, ...(session.flags ?? []));
  const said = await playCanaries(session, spellRecorded, { folder, host: whalesong.url, client });
  const { status, stderr } = await whalesong.stop();
  expect(status, stderr).toBe(0);
  return said;
}

async function replay(
  { client, session }: Row,
  cassette: string,
  spell: Spell,
): Promise<{ report: ReplayReport; said: readonly Said[] }> {
  const whalesong = await startWhalesong("replay", cassette, "--report", "json");
  const said = await playCanaries(session, spell, { folder, host: whalesong.url, client });
  const { stderr } = await whalesong.stop();
  return { report: JSON.parse(stderr.trim().split("\n").at(-1) ?? ""), said };
}

const upstreams = (["mock", "20.10", "28"] as const).filter((one) => one === "mock" || !isMissing(one));

describe.each(upstreams.filter((one) => chosenRows().some((row) => row.upstream === one)))("%s", (upstream) => {
  const rows = chosenRows().filter((row) => row.upstream === upstream);
  let daemon: PrivateDaemon | undefined;
  let guard: ReturnType<typeof startGuard> | undefined;

  beforeAll(async () => {
    if (upstream === "mock") return;
    daemon = await startDaemon(upstream);
    guard = startGuard(daemon);
  });

  afterAll(async () => {
    guard?.kill();
    await daemon?.stop();
  });

  test.each(rows)("$title", async (row) => {
    const cassette = join(folder, `${row.title.replace(/\W+/g, "-")}.yaml`);
    const live = await record(row, cassette, daemon?.url ?? "mock");
    const canaries = listSecretNames(row.session).map((name) => spellRecorded(name, row.session));
    expect.soft(findLeaks(cassette, canaries)).toEqual([]);
    const { report, said } = await replay(row, cassette, spellReplayed);
    expect
      .soft({ missed: report.missed, problems: report.problems, stalled: report.stalled })
      .toEqual({ missed: [], problems: [], stalled: [] });
    expect(said.map(({ status }) => status)).toEqual(live.map(({ status }) => status));
  });
});

/** A registry that wants a password. */
function startGuard({ network }: PrivateDaemon) {
  const [settings, users, data] = ["guard.yml", "htpasswd", "guard"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(users, HTPASSWD);
  writeFileSync(
    settings,
    `version: 0.1\nlog: {level: error}\nstorage: {filesystem: {rootdirectory: ${data}}}\nhttp: {addr: "${GUARD}"}\nauth: {htpasswd: {realm: reef, path: ${users}}}\n`,
  );
  return spawn("nsenter", [`--net=${network}`, "docker-registry", "serve", settings], { stdio: "ignore" });
}
