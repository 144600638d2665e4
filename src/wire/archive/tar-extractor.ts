/** tar-stream's reader of tars, with an end for the headers that it would wait on for ever. */
import type { Extract, Header } from "tar-stream";
import { loadTar } from "../../base/load-tar.ts";

/**
 * An extractor that ends for every header. A size in base 256 that begins with neither 0x80 nor 0xff is no size (Go
 * refuses it, too: archive/tar strconv.go), and a folder has no content, whatever size it names (archive/tar reader.go,
 * isHeaderOnly). tar-stream's contents of both never end; those of size 0 do.
 */
export function createTarExtractor(): Extract {
  const unpacked = loadTar().extract();
  unpacked.on("entry", (header: Header, content: { once(event: "close", listener: () => void): void }) => {
    // As tar-stream says it of other headers.
    const refuse = (): void => unpacked.destroy(new Error("Invalid tar header"));
    if (typeof header.size !== "number") content.once("close", refuse);
    if (typeof header.size !== "number" || header.type === "directory") header.size = 0;
  });
  return unpacked;
}
