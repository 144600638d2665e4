/** Reads the data of the page: compressed lines, of which a detail is parsed only when it is looked at. */
import type { PageDetail, PageFacts, PageRow } from "../view/page/page-record.ts";

export interface PageData {
  readonly facts: PageFacts;
  readonly rows: readonly PageRow[];
  /** The JSON of each row's detail; searched as it is. */
  readonly details: readonly string[];
}

export async function readData(base64: string): Promise<PageData> {
  const [first = "{}", ...lines] = (await decompress(base64)).split("\n");
  const tabs = lines.map((line) => line.indexOf("\t"));
  return {
    facts: JSON.parse(first) as PageFacts,
    rows: lines.map((line, at) => JSON.parse(line.slice(0, tabs[at])) as PageRow),
    details: lines.map((line, at) => line.slice((tabs[at] as number) + 1)),
  };
}

export function parseDetail(json: string): PageDetail {
  return JSON.parse(json) as PageDetail;
}

async function decompress(base64: string): Promise<string> {
  const binary = atob(base64.trim());
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = binary.charCodeAt(at);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return await new Response(stream).text();
}
