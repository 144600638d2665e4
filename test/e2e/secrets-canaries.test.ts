/**
 * A secret in each place where Docker's clients have one, recorded from the simulated daemon and from real ones: it is
 * in no file of the recording, in no spelling, and the same session replays with other secrets.
 */
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findCanary } from "../playbook/find-canary.ts";
import {
  CANARY_SESSIONS,
  type CanarySession,
  type CanaryUpstream,
  MISSED_SESSION,
} from "./canaries/canary-sessions.ts";
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
import { type ClientName, clientNamed } from "./clients.ts";
import { isMissing, type PrivateDaemon, startDaemon } from "./engines.ts";
import { folderForAll } from "./folder.ts";
import { runWhalesong, startWhalesong } from "./whalesong.ts";

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

test.each(MISSED_SESSION.clients)("a miss tells no secret of %s", async (client) => {
  const [cassette, reported] = [join(folder, "missed.yaml"), join(folder, "missed.json")];
  writeFileSync(cassette, "whalesong: 1\n---\nrequest: GET /v1.41/nothing\nresponse: 200 OK\n");
  const whalesong = await startWhalesong("replay", cassette, "--report-file", reported);
  const said = await playCanaries(MISSED_SESSION, spellReplayed, { folder, host: whalesong.url, client });
  const { stdout, stderr } = await whalesong.stop();
  const report = readFileSync(reported, "utf8");
  expect((JSON.parse(report) as ReplayReport).missed.length).toBeGreaterThanOrEqual(MISSED_SESSION.lines.length);
  const printed = [stdout, stderr, report, ...said.flatMap((one) => [one.stdout, one.stderr])].join("\n");
  const found = listSecretNames(MISSED_SESSION).flatMap((name) =>
    findCanary(Buffer.from(printed), spellReplayed(name, MISSED_SESSION)).map((how) => `${name}: ${how}`),
  );
  expect(found).toEqual([]);
});

test("a bundle has no secret that its recording knows", async () => {
  const [script, bundle] = [join(folder, "bug.sh"), join(folder, "bug.whale.tgz")];
  const { docker = "docker" } = await clientNamed("docker CLI 28.5", folder);
  const canaries = ["Canary-a-7f3a91c2e5", "Canary-b-7f3a91c2e5"];
  [process.env.FISH_A, process.env.FISH_B] = canaries;
  writeFileSync(
    script,
    `${docker} run --name web -e DB_PASSWORD=$FISH_A busybox env\n${docker} inspect web\n${docker} run --rm -l a.token=$FISH_B busybox echo $FISH_B\n`,
  );
  const { status, stdout, stderr } = await runWhalesong(
    "bundle",
    "--upstream",
    "mock",
    "-o",
    bundle,
    "--",
    "sh",
    script,
  );
  expect(status, stderr).toBe(0);
  expect(stdout).toContain("Canary-b");
  const bytes = readFileSync(bundle);
  expect(canaries.flatMap((canary) => findCanary(bytes, canary))).toEqual([]);
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
