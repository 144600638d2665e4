/** Says where a secret was found in a cassette or a file beside it, and which of these places are meant to have it. */
import type { ScannedSecret, SecretScanner } from "./secret-scanner.ts";

export interface SecretHit {
  /** `web.yaml:12:5`, or `web/context-0a1b2c3d.tar at byte 1536`. */
  readonly at: string;
  /** The request of the exchange, `GET /v1.41/containers/web/logs`; or the path of the sidecar. */
  readonly place: string;
  /** `GitHub token`, `known value`, `pattern of yours`. */
  readonly what: string;
}

/** On the line of `request`, or below it where the request has a body. */
const REQUEST = /^(?:request: +|request:\n {2}line: +)["']?([^"'\n]+?)["']?$/m;

/**
 * Those of a cassette's text, in order.
 * @param text some of its documents
 * @param place the file, and the line on which they begin
 */
export function listTextHits(
  text: string,
  { file, line }: { readonly file: string; readonly line: number },
  found: readonly ScannedSecret[],
): readonly SecretHit[] {
  return found.map(({ start, what }) => {
    const lineStart = text.lastIndexOf("\n", start - 1) + 1;
    const lines = text.slice(0, lineStart).split("\n").length - 1;
    return { at: `${file}:${line + lines}:${start - lineStart + 1}`, place: findRequest(text, start), what };
  });
}

export async function listSidecarHits(
  scanner: SecretScanner,
  path: string,
  pieces: AsyncIterable<Buffer>,
): Promise<readonly SecretHit[]> {
  return toSidecarHits(path, await scanner.findInPieces(pieces));
}

/** @param path names the sidecar, or the part of it that was searched */
export function toSidecarHits(path: string, found: readonly ScannedSecret[]): readonly SecretHit[] {
  return found.map(({ start, what }) => ({ at: `${path} at byte ${start}`, place: path, what }));
}

function findRequest(text: string, at: number): string {
  const start = Math.max(0, text.lastIndexOf("\n---", at));
  const end = text.indexOf("\n---", start + 1);
  return REQUEST.exec(text.slice(start, end === -1 ? text.length : end))?.[1] ?? "header";
}

/** @param allowed the beginning of a place, or what was found */
export function isAllowed({ place, what }: SecretHit, allowed: readonly string[]): boolean {
  return allowed.some((one) => one !== "" && (place.startsWith(one) || what.startsWith(one)));
}

export function formatHit({ at, place, what }: SecretHit): string {
  return at.startsWith(place) ? `${at}: ${what}` : `${at}: ${what}, in \`${place}\``;
}
