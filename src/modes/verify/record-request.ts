/** Sends one request through a recorder of its own, so that its answer is an exchange like the recorded one. */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Exchange } from "../../cassette/model.ts";
import type { SidecarReader } from "../../compare/answer-content.ts";
import { systemClock } from "../../io/clock.ts";
import { createDiskStore } from "../../io/disk/disk-store.ts";
import { openSidecar, readCassette } from "../../io/disk/read-cassette.ts";
import type { ComparedRecording } from "../../match/suggest.ts";
import { Recording } from "../../record/recording.ts";
import { type Connect, relay } from "../../record/relay.ts";
import { connectionPair } from "../../session/pair.ts";
import { LiveRequest } from "./live-request.ts";

/** How long a recorder waits for its connection to close. */
const CLOSING_MS = 1000;

export interface RecordedRequestOptions {
  readonly connect: Connect;
  /** A folder for the recordings, and the name of this one. */
  readonly folder: string;
  readonly name: string;
  /** Reads the sidecars of the request. */
  readonly read: SidecarReader;
}

export interface RecordedLiveRequest {
  readonly live: LiveRequest;
  /** Ends the recorder; undefined where no answer came. */
  finish(): Promise<ComparedRecording | undefined>;
}

export async function sendRecorded(exchange: Exchange, options: RecordedRequestOptions): Promise<RecordedLiveRequest> {
  const path = join(options.folder, `${options.name}.yaml`);
  const recording = new Recording({
    store: createDiskStore(path),
    clock: systemClock,
    recorded: { at: "", by: "verify" },
    warn: () => undefined,
  });
  const [near, far] = connectionPair();
  const done = relay(options.connect, recording)(far).catch(() => undefined);
  const live = new LiveRequest(exchange, near);
  await live.send(options.read);
  const finish = async (): Promise<ComparedRecording | undefined> => {
    await Promise.race([done, sleep(CLOSING_MS, undefined, { ref: false })]);
    await recording.finish();
    const cassette = readCassette(path);
    const pieces: SidecarReader = (sidecar) => openSidecar(path, sidecar).pieces();
    return cassette.entries.length === 0 ? undefined : { cassette, pieces };
  };
  return { live, finish };
}
