/**
 * Answers that are told while they come about: a pull, a build (moby pkg/streamformatter, api/server/router/image).
 * What fails before the first word is an ordinary refusal; afterwards it is told in the stream.
 */

import { Queue } from "../../../base/async-queue.ts";
import { ApiError } from "../../model/api-error.ts";
import type { ProgressSink } from "../../model/progress-sink.ts";
import { JSON_LINES, type ProgressFormat } from "../version/progress-format.ts";
import { type ApiResponse, streamResponse } from "./response.ts";

export interface ProgressOptions {
  /** The head goes out before anything is said, so that nothing is an ordinary refusal. */
  readonly sendsHeadFirst?: boolean;
  /** How this version tells it. Default: as today. */
  readonly format?: ProgressFormat;
}

/**
 * Resolves with the answer once something is said, or all is done.
 * @throws Refusal if `tell` does so before it says anything
 */
export async function streamProgress(
  run: (report: ProgressSink) => Promise<void>,
  { sendsHeadFirst = false, format = JSON_LINES }: ProgressOptions = {},
): Promise<ApiResponse> {
  const lines = new Queue<Buffer>();
  let start: () => void = () => undefined;
  const started = new Promise<void>((resolve) => {
    start = resolve;
  });
  const hasReported = { yet: sendsHeadFirst };
  const say: ProgressSink = (message) => {
    hasReported.yet = true;
    const line = format.formatLine(message);
    if (line !== "") lines.push(Buffer.from(line));
    start();
  };
  const running = run(say).catch((error: unknown) => {
    if (!hasReported.yet || !(error instanceof ApiError)) throw error;
    say(toErrorMessage(error));
  });
  const done = running.finally(() => lines.end());
  await Promise.race([started, done]);
  return streamResponse(streamUntilDone(lines, done), format.contentType);
}

/** A fault of the simulation itself breaks the stream off. */
async function* streamUntilDone(lines: Queue<Buffer>, done: Promise<void>): AsyncGenerator<Buffer> {
  const settled = done.then(
    () => undefined,
    (error: unknown) => error,
  );
  yield* lines;
  const error = await settled;
  if (error !== undefined) throw error;
}

function toErrorMessage({ code, message }: ApiError): object {
  return { errorDetail: { ...(code === undefined ? {} : { code }), message }, error: message };
}
