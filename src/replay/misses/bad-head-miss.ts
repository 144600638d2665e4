/**
 * The miss for what no responder gets to see: bytes that are no HTTP, and heads that are refused. The client gets a
 * refusal that is not on the cassette, so the run is not as it was recorded.
 */
import { WireError } from "../../base/errors.ts";
import { quoteForMessage } from "../../wire/quote.ts";
import type { Miss } from "../miss.ts";
import { MissMask } from "../miss-mask.ts";

const REQUEST_LINE = /^(\S+) (\S+) HTTP\/\d/;
/** So many characters of the first line are shown. */
const SHOWN = 80;

/**
 * @param start what the client has sent, or the beginning of it
 * @param error why it is refused
 * @param rules of the cassettes' headers, for secrets
 */
export function createBadHeadMiss(start: Buffer, error: unknown, rules: readonly string[]): Miss {
  const [line = ""] = start.toString("latin1").split(/\r?\n/, 1);
  const { method, target } = describeLine(line, rules);
  const title = `${method} ${target}`;
  return {
    code: "WHALESONG_BAD_REQUEST_HEAD",
    method,
    target,
    message: `${title} is refused before anything recorded is looked for: ${explain(error)}\n[WHALESONG_BAD_REQUEST_HEAD]  whalesong help WHALESONG_BAD_REQUEST_HEAD`,
  };
}

/** Secrets are masked before the line is cut off: what is left of one would not be known any more. */
function describeLine(line: string, rules: readonly string[]): Pick<Miss, "method" | "target"> {
  const [, method, target] = REQUEST_LINE.exec(line) ?? [];
  if (method === undefined || target === undefined)
    return { method: "(not HTTP)", target: quoteForMessage(new MissMask(NO_REQUEST, rules).maskBody(line), SHOWN) };
  const mask = new MissMask({ method, target }, rules);
  return { method: toShown(mask.maskMethod(method)), target: toShown(mask.maskTarget(target)) };
}

const NO_REQUEST = { method: "", target: "" };

/** As `quoteForMessage` shows it, without the backticks. */
function toShown(text: string): string {
  return quoteForMessage(text, SHOWN).slice(1, -1);
}

/** Without the bytes that the error quotes: they may be the beginning of a secret. */
function explain(error: unknown): string {
  if (!(error instanceof WireError)) return String(error);
  const [why = "", ...quoted] = error.message.split("`");
  return quoted.length === 0 ? why : `${why.trimEnd()} ...`;
}
