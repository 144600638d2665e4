/**
 * One HTML file that shows a cassette: the viewer (src/viewer/, built into dist/viewer.js), and the data, compressed. It
 * opens from a disk, and its policy lets it load and send nothing.
 */
import { createHash } from "node:crypto";
import { basename } from "node:path";
import { pipeline, Readable } from "node:stream";
import { createGzip } from "node:zlib";
import type { CassetteWalk } from "../../cassette/read.ts";
import type { DigestOptions } from "../digest/digest-exchange.ts";
import { digestEntries } from "../digest-entries.ts";
import { type PageComparison, type PageFacts, PageLines, type PageReport } from "./page-record.ts";

export interface PageOptions extends DigestOptions {
  /** The text of dist/viewer.js. */
  readonly viewer: string;
  readonly report?: PageReport;
  readonly comparison?: PageComparison;
}

/** Base64 has four characters for three bytes: pieces of a multiple of three join to one text. */
const TRIPLE = 3;

/** Lines are gathered: each write to gzip takes a turn of another thread, and there may be 100,000 lines. */
const GATHERED = 128 * 1024;

/** The pieces of the page's text. */
export async function* writePage(cassette: CassetteWalk, options: PageOptions): AsyncGenerator<string> {
  const script = options.viewer.replaceAll("</script", "<\\/script");
  yield formatHead(basename(cassette.file), createHash("sha256").update(script).digest("base64"));
  yield* encodeBase64(compress(listLines(cassette, options)));
  yield `</script>\n<script>${script}</script>\n</body>\n</html>\n`;
}

/** xterm.js makes style elements, so that styles are free; scripts are this one alone. */
function formatHead(file: string, digest: string): string {
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(file)}</title>
</head>
<body>
<div id="app"><p>This page needs a browser with scripts.</p></div>
<script id="data" type="application/octet-stream">`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The lines of the page's data, some at a time. */
async function* listLines(cassette: CassetteWalk, options: PageOptions): AsyncGenerator<string> {
  const lines = new PageLines();
  let text = JSON.stringify(toPageFacts(cassette, options));
  for await (const some of digestEntries(cassette, options)) {
    for (const digested of some) text += `\n${lines.format(digested)}`;
    if (text.length < GATHERED) continue;
    yield text;
    text = "";
  }
  yield text;
}

function toPageFacts(cassette: CassetteWalk, options: PageOptions): PageFacts {
  const { header, preamble, torn } = cassette;
  const file = basename(cassette.file);
  const { recorded, isUnfinished } = header;
  return {
    file,
    comments: preamble.split("\n").flatMap((line) => /^# ?(?! *yaml-language-server)(.+)/.exec(line)?.[1] ?? []),
    facts: [
      ...[recorded?.from, recorded?.at, recorded?.client, recorded?.by].filter((fact) => fact !== undefined),
      ...(isUnfinished ? ["unfinished"] : []),
      ...(torn === undefined ? [] : [`broken off at line ${torn.line}`]),
    ],
    ...(options.report === undefined ? {} : { report: options.report }),
    ...(options.comparison === undefined ? {} : { comparison: options.comparison }),
  };
}

/** An error of the pieces comes to the reader; the promise of a `pipeline` would be rejected with it once more. */
function compress(pieces: AsyncIterable<string>): AsyncIterable<Buffer> {
  return pipeline(Readable.from(pieces), createGzip({ chunkSize: GATHERED }), () => undefined);
}

async function* encodeBase64(pieces: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest = Buffer.alloc(0);
  for await (const piece of pieces) {
    const bytes = Buffer.concat([rest, piece]);
    const end = bytes.length - (bytes.length % TRIPLE);
    rest = bytes.subarray(end);
    yield bytes.toString("base64", 0, end);
  }
  yield rest.toString("base64");
}
