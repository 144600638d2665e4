/** Counts what is answered behind the cassettes: the requests that a replay has missed and `onMiss` has taken. */
import type { AnsweredElsewhere } from "../replay/report.ts";
import type { Responder } from "../session/call.ts";

export interface CountedResponder {
  readonly answer: Responder;
  /** Up to now. */
  readonly elsewhere: () => AnsweredElsewhere;
}

/** A request counts from its beginning: a stream that is open at the end of the replay is one of them. */
export function countAnswers(responder: Responder, by: AnsweredElsewhere["by"]): CountedResponder {
  let requests = 0;
  const answer: Responder = async (call) => {
    requests += 1;
    const isAnswered = await responder(call);
    if (!isAnswered) requests -= 1;
    return isAnswered;
  };
  const { takesHttp2 } = responder;
  return {
    answer: takesHttp2 === undefined ? answer : Object.assign(answer, { takesHttp2 }),
    elsewhere: () => ({ by, requests }),
  };
}
