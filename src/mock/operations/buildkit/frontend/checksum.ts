/** `ADD --checksum` (buildkit frontend/dockerfile/dockerfile2llb/convert.go, dispatchCopy; go-digest digest.go). */
import { createHash } from "node:crypto";
import { badParameter } from "../../../model/api-error.ts";
import { SolveError } from "../solve-error.ts";

/** How many digits the digests of each algorithm have. */
const DIGITS: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

/**
 * The digest that a download must have; empty for none.
 * @param count of the sources
 * @throws ApiError for one that is none, or of several sources
 */
export function checkChecksum(checksum: string, count: number): string {
  if (checksum === "") return "";
  if (count !== 1) throw badParameter("checksum can't be specified for multiple sources");
  checkDigest(checksum);
  return checksum;
}

function checkDigest(text: string): void {
  const [, algorithm = "", digits = ""] = /^([a-z0-9]+(?:[.+_-][a-z0-9]+)*):([\w=-]+)$/.exec(text) ?? [];
  const count = DIGITS[algorithm];
  if (algorithm === "") throw badParameter("invalid checksum digest format");
  if (count === undefined) throw badParameter("unsupported digest algorithm");
  if (digits.length !== count) throw badParameter("invalid checksum digest length");
  if (!/^[a-f0-9]+$/.test(digits)) throw badParameter("invalid checksum digest format");
}

/** @param checksum empty for one that is not compared. @throws SolveError for other bytes than those of the checksum */
export function compareChecksum(bytes: Buffer, checksum: string): void {
  if (checksum === "") return;
  const [algorithm = ""] = checksum.split(":");
  const digest = `${algorithm}:${createHash(algorithm).update(bytes).digest("hex")}`;
  if (digest !== checksum) throw new SolveError(`digest mismatch ${digest}: ${checksum}`);
}
