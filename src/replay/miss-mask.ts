/**
 * What a miss tells of today's request: it is printed, and answered to the client, so its secrets are blank in it.
 * They have numbers, so that two that differ still do.
 */
import type { FieldDifference } from "../match/compare-requests.ts";
import { editJson, type JsonLeaf } from "../secrets/edit-json.ts";
import { redactBody, redactRequestField, redactTarget, redactToken } from "../secrets/redact-http.ts";
import { Redactor } from "../secrets/redactor.ts";
import { findSecretOperation } from "../secrets/secret-operation.ts";

/** The latest redactor of these rules, as long as it has seen no secret. To make one takes as long as ten answers. */
let unused: { readonly rules: string; readonly redactor: Redactor } | undefined;

function takeRedactor(rules: readonly string[]): Redactor {
  const key = JSON.stringify(rules);
  if (unused?.rules !== key || !unused.redactor.isUnused) unused = { rules: key, redactor: new Redactor({ rules }) };
  return unused.redactor;
}

/** Masks one miss, within one turn: another miss may use the same redactor in the next one. */
export class MissMask {
  readonly #redactor: Redactor;
  readonly #operation: string;

  /** @param rules of the cassettes' headers */
  constructor({ method, target }: { readonly method: string; readonly target: string }, rules: readonly string[] = []) {
    this.#redactor = takeRedactor(rules);
    this.#operation = findSecretOperation(method, target);
  }

  maskTarget(target: string): string {
    return redactTarget(target, this.#operation, this.#redactor);
  }

  maskMethod(method: string): string {
    return redactToken(method, this.#redactor);
  }

  /** Bytes whose place is unknown, as latin1. */
  maskBody(text: string): string {
    const place = { operation: this.#operation, side: "request" } as const;
    return redactBody(Buffer.from(text, "latin1"), place, this.#redactor).toString("latin1");
  }

  /** What was recorded is without secrets, unless it was recorded before there were rules. */
  maskDifferences(differences: readonly FieldDifference[]): readonly FieldDifference[] {
    return differences.map(({ field, recorded, got }) => {
      const mask = (value: string | undefined): string | undefined =>
        value === undefined ? undefined : this.#maskValue(field, value);
      return { field, recorded: mask(recorded), got: mask(got) };
    });
  }

  #maskValue(field: string, value: string): string {
    const [part = "", ...path] = field.split(".");
    if (part === "method") return this.maskMethod(value);
    if (part === "path") return this.maskTarget(value);
    if (part === "header") return redactRequestField([path.join("."), value], this.#operation, this.#redactor)[1];
    // The redactor reads latin1, one character a byte.
    const text = Buffer.from(value).toString("latin1");
    const masked = this.#maskText(part === "json" || part === "query" ? path : field.split("."), text);
    return Buffer.from(masked, "latin1").toString();
  }

  #maskText(path: readonly string[], text: string): string {
    const maskLeaf = (leaf: JsonLeaf): string | undefined =>
      this.#redactor.redactPlace({ ...leaf, path: [...path, ...leaf.path], operation: this.#operation });
    const edited = /^\s*[[{]/.test(text) ? editJson(text, maskLeaf) : undefined;
    return edited ?? maskLeaf({ path: [], value: text }) ?? text;
  }
}
