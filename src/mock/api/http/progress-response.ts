/**
 * Responses that report progress while the work goes on: pulls, pushes, loads, builds (moby pkg/streamformatter,
 * api/server/router/image). An error before the first message is an ordinary error response. A later one is a message.
 */

import { AsyncQueue } from "../../../base/async-queue.ts";
import { ApiError } from "../../model/api-error.ts";
import type { EngineRelease } from "../../model/engine-release.ts";
import { type ErrorSubject, wordError } from "../../model/error-wording.ts";
import type { ProgressSink } from "../../model/progress-sink.ts";
import { JSON_LINES, type ProgressFormat } from "../version/progress-format.ts";
import { type ApiResponse, streamResponse } from "./response.ts";

export interface ProgressOptions {
  /** Sends the head before the first message, so that every error is a message. @default false */
  readonly sendsHeadFirst?: boolean;
  /** The format of the client's version. @default JSON_LINES */
  readonly format?: ProgressFormat;
}

/** What the words of an error depend on. An `ApiRequest` is one. */
export interface ProgressRequest extends ErrorSubject {
  readonly release: EngineRelease;
}

/**
 * Resolves with the response once `run` has reported a message or has ended.
 * @throws ApiError if `run` throws one before it reports anything
 */
export async function streamProgress(
  request: ProgressRequest,
  run: (report: ProgressSink) => Promise<void>,
  { sendsHeadFirst = false, format = JSON_LINES }: ProgressOptions = {},
): Promise<ApiResponse> {
  const lines = new AsyncQueue<Buffer>();
  let start: () => void = () => undefined;
  const started = new Promise<void>((resolve) => {
    start = resolve;
  });
  const hasReported = { yet: sendsHeadFirst };
  const report: ProgressSink = (message) => {
    hasReported.yet = true;
    const line = format.formatLine(message);
    if (line !== "") lines.push(Buffer.from(line));
    start();
  };
  const running = run(report).catch((error: unknown) => {
    if (!hasReported.yet || !(error instanceof ApiError)) throw error;
    report(toErrorMessage(wordError(request.release, error, request)));
  });
  const done = running.finally(() => lines.end());
  await Promise.race([started, done]);
  return streamResponse(streamUntilDone(lines, done), format.contentType);
}

/** An unexpected exception of the simulator breaks the stream off. */
async function* streamUntilDone(lines: AsyncQueue<Buffer>, done: Promise<void>): AsyncGenerator<Buffer> {
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
