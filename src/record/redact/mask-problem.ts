/** Problems are printed and stand in reports: what a peer sent is in them without its secrets. */
import { WireError } from "../../base/errors.ts";
import type { Redactor } from "../../secrets/redactor.ts";
import { quoteForMessage } from "../../wire/quote.ts";

/** @param problem of bytes that cannot be read; its `line` is quoted in its message, and cut off there */
export function maskProblem(problem: unknown, redactor: Redactor): unknown {
  if (!(problem instanceof WireError)) return problem;
  const { code, message, fields } = problem;
  const line = typeof fields.line === "string" ? fields.line : "";
  // The whole line: what is left of a secret that is cut off would not be known.
  const shown = message.replace(quoteForMessage(line), () => quoteForMessage(redactor.redactText(line)));
  const masked = redactor.redactText(shown);
  return masked === message ? problem : new WireError(code, masked);
}
