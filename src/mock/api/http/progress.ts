/**
 * Answers that are told while they come about: a pull, a build (moby pkg/streamformatter, api/server/router/image).
 * What fails before the first word is an ordinary refusal; afterwards it is told in the stream.
 */

import { Queue } from "../../../base/async-queue.ts";
import { ApiError } from "../../model/api-error.ts";
import type { ProgressSink } from "../../model/progress-sink.ts";
import { JSON_LINES, type ProgressManner } from "../version/progress-manner.ts";
import { type Answer, stream } from "./answer.ts";

export interface ProgressOptions {
  /** The head goes out before anything is said, so that nothing is an ordinary refusal. */
  readonly isPrompt?: boolean;
  /** How this version tells it. Default: as today. */
  readonly manner?: ProgressManner;
}

/**
 * Resolves with the answer once something is said, or all is done.
 * @throws Refusal if `tell` does so before it says anything
 */
export async function progress(
  tell: (say: ProgressSink) => Promise<void>,
  { isPrompt = false, manner = JSON_LINES }: ProgressOptions = {},
): Promise<Answer> {
  const lines = new Queue<Buffer>();
  let begin: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const hasBegun = { yet: isPrompt };
  const say: ProgressSink = (message) => {
    hasBegun.yet = true;
    const line = manner.line(message);
    if (line !== "") lines.push(Buffer.from(line));
    begin();
  };
  const telling = tell(say).catch((error: unknown) => {
    if (!hasBegun.yet || !(error instanceof ApiError)) throw error;
    say(refusalMessage(error));
  });
  const done = telling.finally(() => lines.end());
  await Promise.race([begun, done]);
  return stream(untilDone(lines, done), manner.contentType);
}

/** A fault of the simulation itself breaks the stream off. */
async function* untilDone(lines: Queue<Buffer>, done: Promise<void>): AsyncGenerator<Buffer> {
  const settled = done.then(
    () => undefined,
    (error: unknown) => error,
  );
  yield* lines;
  const error = await settled;
  if (error !== undefined) throw error;
}

function refusalMessage({ code, message }: ApiError): object {
  return { errorDetail: { ...(code === undefined ? {} : { code }), message }, error: message };
}
