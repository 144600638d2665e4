/** What `append` keeps of a cassette. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readDocuments } from "../../src/io/disk/old-documents.ts";
import { createTemporaryFolder } from "./temporary.ts";

const DOCUMENTS = "---\nrequest: GET /_ping\nresponse: 200 OK\n";

test.each([
  ["without comments", ""],
  ["behind a frame of comments", `${"#".repeat(80)}\n#${" ".repeat(60)}#\n${"#".repeat(80)}\n`],
  ["behind comments and a `---`", "# a\n\n---\n"],
])("the documents of a cassette %s are those below its header", (_, preamble) => {
  const path = join(createTemporaryFolder(), "web.yaml");
  writeFileSync(path, `${preamble}whalesong: 1\n${DOCUMENTS}`);
  expect(readDocuments(path).toString()).toBe(DOCUMENTS);
});
