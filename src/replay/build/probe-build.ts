/**
 * The build without content by which buildx finds out what a daemon can do. It is answered by rule, as often as it comes:
 * Solve waits for Return, Status ends then, and all say nothing.
 */
import type { JsonMessageValue } from "../../wire/protobuf/json-message.ts";
import { LLB_RETURN, STATUS } from "./build-methods.ts";
import { answerEmpty, type LiveCall } from "./live-call.ts";
import { type WaitLimit, waitWithin } from "./wait-within.ts";

/** `docker build --check` has no exporter and no frontend of its own, but attributes. */
const CONTENT = ["Frontend", "FrontendAttrs", "Definition", "Exporters", "ExporterDeprecated"];

export function isProbe(request: JsonMessageValue): boolean {
  const members = request as { readonly [field: string]: JsonMessageValue };
  return members.Internal === true && CONTENT.every((field) => members[field] === undefined);
}

export class ProbeBuild {
  readonly #returned: Promise<void>;
  #resolveReturned: () => void = () => undefined;

  constructor() {
    this.#returned = new Promise((resolve) => {
      this.#resolveReturned = resolve;
    });
  }

  async answer(method: string, call: LiveCall, limit: WaitLimit): Promise<void> {
    if (method === LLB_RETURN) {
      answerEmpty(call);
      return this.#resolveReturned();
    }
    if (method === STATUS) call.sendHead();
    await waitWithin(this.#returned, limit);
    if (method === STATUS) call.end();
    else answerEmpty(call);
  }
}
