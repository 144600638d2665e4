import { createHash } from "node:crypto";
import type { RecordedContent } from "./build-script.ts";

/** Content that is at hand. */
export function toRecordedContent(bytes: Buffer): RecordedContent {
  return createRecordedContent(bytes.length, async function* () {
    yield bytes;
  });
}

/** Content that is read when it is needed. Its digest is computed once. */
export function createRecordedContent(size: number, read: () => AsyncIterable<Buffer>): RecordedContent {
  let digest: Promise<string> | undefined;
  return {
    size,
    read,
    digest: () => {
      digest ??= digestBytes(read());
      return digest;
    },
  };
}

async function digestBytes(source: AsyncIterable<Buffer>): Promise<string> {
  const hash = createHash("sha256");
  for await (const bytes of source) hash.update(bytes);
  return hash.digest("hex");
}
