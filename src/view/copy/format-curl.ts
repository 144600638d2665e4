/** A recorded request as a command of curl: for `export curl`, and to be copied from the page of `view`. */
import type { HeaderField } from "../../wire/http/fields.ts";

/** A text, other bytes in base64, or the path of a file. */
export type CurlBody = { readonly text: string } | { readonly base64: string } | { readonly file: string };

export interface CurlRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly HeaderField[];
  readonly body?: CurlBody;
}

/** The socket's path, out of `DOCKER_HOST`. */
export const SOCKET_LINES = `socket=\${DOCKER_HOST:-unix:///var/run/docker.sock}
socket=\${socket#unix://}
`;
export const CURL_COMMAND = 'curl --silent --show-error --no-buffer --unix-socket "$socket"';

/** @param command what stands before the request's own words: `CURL_COMMAND`, or a function of a script */
export function formatCurl({ method, target, headers, body }: CurlRequest, command: string): string {
  const fields = [...headers, ...toContentType(headers, body)].map(
    ([name, value]) => ` \\\n  --header ${quoteWord(`${name}: ${value}`)}`,
  );
  const way = method === "HEAD" ? "--head" : `--request ${quoteWord(method)}`;
  const { lead, data } = formatData(body);
  return `${lead}${command} ${way}${fields.join("")}${data} \\\n  ${quoteWord(`http://localhost${target}`)}`;
}

/** As a script has it that a shell runs, or that is pasted into one. */
export function formatCurlAlone(request: CurlRequest): string {
  return `${SOCKET_LINES}${formatCurl(request, CURL_COMMAND)}\n`;
}

/** What is pasted into a terminal must not hold what the terminal acts on: such characters come from `printf`. */
export function quoteWord(text: string): string {
  const quoted = text.replaceAll("'", "'\\''");
  return `'${quoted.replace(CONTROL, (character) => `'"$(printf '${toOctal(character)}')"'`)}'`;
}

/** Characters of control but for line ends and tabs, and marks of direction, which show another text than there is. */
const CONTROL = /[^\P{Cc}\n\t]|\p{Cf}/gu;

function toOctal(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
}

/**
 * A cassette does not keep what each client sends. curl would call the body a form, which the daemon refuses as JSON (moby
 * `api/server/httputils`), and which Go reads itself.
 */
function toContentType(headers: readonly HeaderField[], body: CurlBody | undefined): readonly HeaderField[] {
  if (body === undefined || headers.some(([name]) => name.toLowerCase() === "content-type")) return [];
  return [["Content-Type", "text" in body && /^\s*[{["]/.test(body.text) ? "application/json" : "application/x-tar"]];
}

/** A file is named; what cannot stand in a script comes from base64. */
function formatData(body: CurlBody | undefined): { readonly lead: string; readonly data: string } {
  const toFlag = (value: string): string => ` \\\n  --data-binary ${quoteWord(value)}`;
  if (body === undefined) return { lead: "", data: "" };
  if ("file" in body) return { lead: "", data: toFlag(`@${body.file}`) };
  if ("text" in body && isPlain(body.text)) return { lead: "", data: toFlag(body.text) };
  const base64 = "text" in body ? toBase64(body.text) : body.base64;
  return { lead: `printf %s ${quoteWord(base64)} | base64 -d | `, data: toFlag("@-") };
}

/** curl would read a file for a text that begins with @. */
function isPlain(text: string): boolean {
  return !text.startsWith("@") && text.search(CONTROL) === -1;
}

/** This runs in browsers, too, which have no Buffer. */
function toBase64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));
}
