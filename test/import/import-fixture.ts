/** A foreign file, imported, and its cassette. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Exchange } from "../../src/cassette/model.ts";
import { type ImportReport, importFile } from "../../src/integrations/import-file.ts";
import { readCassette } from "../../src/io/disk/read-cassette.ts";
import { createTemporaryFolder } from "../io/temporary.ts";

export interface ImportedFixture {
  readonly cassette: string;
  readonly text: string;
  readonly exchanges: readonly Exchange[];
  readonly report: ImportReport;
}

/** `content`: the file's text, or what it is JSON of. */
export async function importFixture(content: unknown): Promise<ImportedFixture> {
  const { file, cassette } = writeFixture(content);
  const report = await importFile(file, cassette);
  const exchanges = readCassette(cassette).entries.map((entry) => entry.readExchange());
  return { cassette, text: readFileSync(cassette, "utf8"), exchanges, report };
}

export function writeFixture(content: unknown): { file: string; cassette: string } {
  const folder = createTemporaryFolder();
  const file = join(folder, "fixture.json");
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content, null, 2));
  return { file, cassette: join(folder, "run.yaml") };
}
