/** A cassette's text as `show` prints it, without colours. */
import { openCassette } from "../../src/cassette/read.ts";
import type { SidecarRef } from "../../src/cassette/sidecar-ref.ts";
import { createStyles } from "../../src/view/colour.ts";
import { TarLister } from "../../src/view/digest/tar-lister.ts";
import { type ShowOptions, showCassette } from "../../src/view/show-cassette.ts";

export interface ShownText extends Partial<Omit<ShowOptions, "styles" | "tars">> {
  readonly readSidecar?: (ref: SidecarRef) => AsyncIterable<Buffer>;
}

/** The lines of the log, the header's left out. */
export async function showText(text: string, options: ShownText = {}): Promise<string[]> {
  const { readSidecar = failToRead, ...rest } = options;
  const cassette = openCassette(Buffer.from(text), "c.yaml");
  const lines: string[] = [];
  for await (const line of showCassette(cassette, {
    styles: createStyles(false),
    tars: new TarLister(readSidecar),
    ...rest,
  }))
    lines.push(line);
  return lines.filter((line) => !line.startsWith("#"));
}

// biome-ignore lint/correctness/useYield: it is a sidecar that is missing
async function* failToRead(): AsyncGenerator<Buffer> {
  throw new Error("there is no file");
}
