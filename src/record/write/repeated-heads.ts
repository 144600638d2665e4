/**
 * What was found of heads that came before (`HeadMemory` gives equal ones as one object). To search a head for secrets and
 * to describe it takes a sixth of the time for which the client of a small exchange waits. Only what has no secret is
 * remembered, and only until more is known to be secret.
 */
import { describeHead, type HeadContext, type ObservedResponse } from "../../cassette/response-head.ts";
import { redactAnswerFields, redactReason, redactTarget } from "../../secrets/redact-http.ts";
import type { Redactor } from "../../secrets/redactor.ts";
import type { HeaderField, RequestHead, ResponseHead } from "../../wire/http/head.ts";

/** The head of an answer without its secrets. */
export interface RedactedHead {
  readonly reason: string;
  readonly fields: readonly HeaderField[];
}

interface Plain<T> {
  readonly operation: string;
  /** The redactor's size when it was searched. */
  readonly knownThen: number;
  readonly redacted: T;
}

type HeadDescription = ReturnType<typeof describeHead>;
type DescribedContext = Omit<HeadContext, "date">;

interface Described {
  readonly observed: ObservedResponse;
  readonly context: DescribedContext;
  readonly description: HeadDescription;
}

export class RepeatedHeads {
  readonly #redactor: Redactor;
  readonly #targets = new WeakMap<RequestHead, Plain<string>>();
  readonly #answers = new WeakMap<ResponseHead, Plain<RedactedHead>>();
  readonly #descriptions = new WeakMap<readonly HeaderField[], Described>();

  constructor(redactor: Redactor) {
    this.#redactor = redactor;
  }

  /** The target of a request without its secrets. */
  redactTarget(head: RequestHead, operation: string): string {
    return this.#redact(this.#targets, head, operation, {
      redact: () => redactTarget(head.target, operation, this.#redactor),
      isPlain: (redacted) => redacted === head.target,
    });
  }

  redactAnswer(head: ResponseHead, operation: string): RedactedHead {
    return this.#redact(this.#answers, head, operation, {
      redact: () => ({
        reason: redactReason(head.reason, operation, this.#redactor),
        fields: redactAnswerFields(head.fields, operation, this.#redactor),
      }),
      isPlain: ({ reason, fields }) =>
        reason === head.reason &&
        fields.every(([name, value], at) => name === head.fields[at]?.[0] && value === head.fields[at]?.[1]),
    });
  }

  /** The same as `describeHead`. */
  describe(observed: ObservedResponse, context: DescribedContext): HeadDescription {
    const known = this.#descriptions.get(observed.fields);
    if (known !== undefined && isSame(known.observed, observed) && isSame(known.context, context))
      return known.description;
    const description = describeHead(observed, context);
    this.#descriptions.set(observed.fields, { observed, context, description });
    return description;
  }

  #redact<K extends object, T>(
    plain: WeakMap<K, Plain<T>>,
    head: K,
    operation: string,
    { redact, isPlain }: { redact(): T; isPlain(redacted: T): boolean },
  ): T {
    const known = plain.get(head);
    const knownThen = this.#redactor.size;
    if (known?.knownThen === knownThen && known.operation === operation) return known.redacted;
    const redacted = redact();
    // What a function of the user's says today it need not say tomorrow.
    if (isPlain(redacted) && this.#redactor.size === knownThen && !this.#redactor.hasOwnPlaces)
      plain.set(head, { operation, knownThen, redacted });
    return redacted;
  }
}

/** Whether all members are the same values or the same objects. */
function isSame<T extends object>(one: T, other: T): boolean {
  return (Object.keys(one) as (keyof T)[]).every((key) => one[key] === other[key]);
}
