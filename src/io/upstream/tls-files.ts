import { readFileSync } from "node:fs";
import { join } from "node:path";
import { toErrorMessage } from "../../base/error-message.ts";
import { EnvironmentError } from "../../base/errors.ts";
import { getErrno } from "../errno.ts";
import type { UpstreamTls } from "./upstream.ts";

/** The TLS files in a folder of `ca.pem`, `cert.pem` and `key.pem`. Docker's contexts keep theirs in such a folder, too. */
export function readTlsFolder(folder: string): Omit<UpstreamTls, "verify"> {
  const ca = readPem(folder, "ca.pem");
  return { ...(ca !== undefined && { ca }), ...readClientPair(folder) };
}

/** The client's certificate and key: both or neither. */
export function readClientPair(folder: string): Pick<UpstreamTls, "cert" | "key"> {
  const [cert, key] = [readPem(folder, "cert.pem"), readPem(folder, "key.pem")];
  if (cert === undefined && key === undefined) return {};
  if (cert === undefined) throw createMissingPemError(join(folder, "cert.pem"));
  if (key === undefined) throw createMissingPemError(join(folder, "key.pem"));
  return { cert, key };
}

/** One file of such a folder; undefined if it does not exist. */
export function readPem(folder: string, name: string): Buffer | undefined {
  const path = join(folder, name);
  try {
    return readFileSync(path);
  } catch (cause) {
    if (getErrno(cause) === "ENOENT" || getErrno(cause) === "ENOTDIR") return undefined;
    throw new EnvironmentError("WHALESONG_DOCKER_CONFIG", `cannot read \`${path}\`: ${toErrorMessage(cause)}`, {
      cause,
    });
  }
}

export function createMissingPemError(path: string): EnvironmentError {
  return new EnvironmentError(
    "WHALESONG_DOCKER_CONFIG",
    `TLS to the daemon needs \`${path}\`, and it does not exist; DOCKER_CERT_PATH names the folder with ca.pem, cert.pem and key.pem`,
    { fields: { path } },
  );
}
