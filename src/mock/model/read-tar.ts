import { readTarThings, type TarMember } from "../../userland/files/read-tar.ts";
import { TarError } from "../../userland/files/tar-error.ts";
import { systemError } from "./api-error.ts";

/** The members of a tar, plain or in gzip. @throws ApiError 500 with dockerd's message for an unreadable tar */
export async function readTar(source: Buffer | AsyncIterable<Buffer>): Promise<TarMember[]> {
  try {
    return await readTarThings(Buffer.isBuffer(source) ? streamOnce(source) : source);
  } catch (error) {
    if (!(error instanceof TarError)) throw error;
    throw systemError(`Error processing tar file(exit status 1): ${error.message}`);
  }
}

async function* streamOnce(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
