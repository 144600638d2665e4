import type { ComparedRecording } from "../../match/suggest/compared-request.ts";
import { openSidecar, walkCassette } from "./read-cassette.ts";

/**
 * Lays two recordings side by side, each of any size: `compare` looks at their exchanges by number, and the files are
 * closed when it is done.
 * @throws UsageError `WHALESONG_NO_CASSETTE` if there is none; CassetteError if one cannot be understood
 */
export function walkRecordings<T>(
  first: string,
  second: string,
  compare: (first: ComparedRecording, second: ComparedRecording) => Promise<T>,
): Promise<T> {
  return walkRecording(first, (one) => walkRecording(second, (other) => compare(one, other)));
}

/** A recording of any size, and the bytes of its sidecars; the file is closed when `look` is done. */
export function walkRecording<T>(path: string, look: (recording: ComparedRecording) => Promise<T>): Promise<T> {
  return walkCassette(path, (cassette) => look({ cassette, pieces: (sidecar) => openSidecar(path, sidecar).pieces() }));
}
