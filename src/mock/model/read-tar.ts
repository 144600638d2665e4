import { readTarThings, type TarThing } from "../../userland/files/tar.ts";
import { TarError } from "../../userland/files/tar-error.ts";
import { systemError } from "./api-error.ts";

/** The members of a tar, or of one in gzip. @throws ApiError 500 in dockerd's words for a tar that cannot be read */
export async function readTar(source: AsyncIterable<Buffer>): Promise<TarThing[]> {
  try {
    return await readTarThings(source);
  } catch (error) {
    if (!(error instanceof TarError)) throw error;
    throw systemError(`Error processing tar file(exit status 1): ${error.message}`);
  }
}
