/**
 * Long JSON in the text of an exchange that was written while its client waited: such text is right, and hard to read.
 * Everything else is canonical in a draft, too.
 */
import { quoteText } from "../../yaml/visible.ts";
import { formatBody } from "./body.ts";

/** A body on one line, in quotes. Nothing else of a head stands at two blanks. */
const QUOTED_BODY = /^ {2}text: (".*")$/gm;
/** What follows the heads. */
const EVENTS = /^(?:stream|build):/m;
const RESPONSE = /^response:/m;
/** Its bodies are spelled by other rules. */
const BUILDKIT_CALL = /^(?:request| {2}line): "?GRPC /m;

/** The canonical text of a document that was written with `isDraft`; a text that is canonical stays as it is. */
export function finishDraft(document: string): string {
  if (!document.includes('\n  text: "') || BUILDKIT_CALL.test(document)) return document;
  const end = document.search(EVENTS);
  const heads = end === -1 ? document : document.slice(0, end);
  const response = heads.search(RESPONSE);
  const finished = heads.replace(QUOTED_BODY, (line, quoted: string, at: number) => {
    const body = parseQuoted(quoted);
    return body === undefined ? line : formatBody(body, "  ", at < response ? "escaped" : "plain").slice(0, -1);
  });
  return end === -1 ? finished : finished + document.slice(end);
}

/** The bytes of what `quoteText` has spelled as JSON does; other spellings are not those of drafts. */
function parseQuoted(quoted: string): Buffer | undefined {
  try {
    const text = JSON.parse(quoted) as string;
    return quoteText(text) === quoted ? Buffer.from(text) : undefined;
  } catch {
    return undefined;
  }
}
