/** The verify mode: plays the requests of a cassette to a live daemon and grades how its answers differ. */
import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { createTemporaryFolder } from "../io/disk/create-folder.ts";
import { walkRecording } from "../io/disk/walk-recordings.ts";
import type { Upstream } from "../io/upstream/upstream.ts";
import type { ComparedRecording } from "../match/suggest.ts";
import { type InProcessDaemon, openUpstream } from "./upstream-connection.ts";
import { type PlannedRequest, planRequests, type VerifyPlan, type VerifyPolicy } from "./verify/plan-requests.ts";
import { type VerifiedExchange, VerifySession } from "./verify/verify-session.ts";

const PATIENCE_MS = 20_000;

export interface VerifyOptions extends VerifyPolicy {
  readonly cassette: string;
  readonly upstream: string | Upstream | InProcessDaemon;
  /** How long an answer may take to end. @default 20 s */
  readonly patienceMs?: number;
}

export interface VerifyReport {
  /** In the order in which the answers ended. */
  readonly verified: readonly VerifiedExchange[];
  readonly skipped: readonly PlannedRequest[];
  /** What was made and could not be removed. */
  readonly left: readonly string[];
}

/** A cassette, and what would be sent of it. */
export interface Verification {
  readonly recording: ComparedRecording;
  readonly plan: VerifyPlan;
  /** In front of the names of all that is made. */
  readonly prefix: string;
  /**
   * Sends the requests, and removes what they made.
   * @throws EnvironmentError `WHALESONG_UPSTREAM_UNREACHABLE` if the daemon cannot be reached
   */
  run(): Promise<VerifyReport>;
}

/**
 * Plans the verification of a cassette; nothing is sent before `run`. The cassette is open until `use` is done.
 * @throws UsageError `WHALESONG_NO_CASSETTE`; CassetteError if the cassette is wrong
 */
export function prepareVerification<T>(
  options: VerifyOptions,
  use: (verification: Verification) => Promise<T>,
): Promise<T> {
  return walkRecording(options.cassette, (recording) => {
    const plan = planRequests(recording.cassette, options);
    const prefix = `verify-${randomBytes(3).toString("hex")}-`;
    return use({ recording, plan, prefix, run: () => runVerification(options, { recording, plan, prefix }) });
  });
}

async function runVerification(
  { upstream, patienceMs = PATIENCE_MS }: VerifyOptions,
  { recording, plan, prefix }: Omit<Verification, "run">,
): Promise<VerifyReport> {
  const { connect, resetAll } = openUpstream(upstream, () => undefined);
  (await connect()).reset();
  const folder = createTemporaryFolder("verify");
  try {
    const session = new VerifySession({ recording, plan, connect, folder, prefix, patienceMs });
    const left = await session.run();
    return { verified: session.verified, skipped: plan.requests.filter(isSkipped), left };
  } finally {
    resetAll();
    rmSync(folder, { recursive: true, force: true });
  }
}

function isSkipped({ skippedBecause }: PlannedRequest): boolean {
  return skippedBecause !== undefined;
}
