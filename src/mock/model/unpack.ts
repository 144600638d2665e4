import { decompress } from "../../userland/files/decompress.ts";
import { FileError } from "../../userland/files/file-error.ts";
import { systemError } from "./api-error.ts";

/**
 * An archive's bytes without their gzip.
 * @throws ApiError 500 as from a dockerd whose disk is full (moby pkg/archive), for an archive that unpacks to far more
 *   than it is
 */
export async function unpack(archive: Buffer): Promise<Buffer> {
  try {
    return await decompress(archive);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw systemError(`Error processing tar file(exit status 1): ${error.message.toLowerCase()}`);
  }
}
