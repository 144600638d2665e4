import { readFileSync } from "node:fs";
import { join } from "node:path";
import { EnvironmentError } from "../../base/errors.ts";
import { errnoOf, messageOf } from "../errno.ts";
import type { UpstreamTls } from "./upstream.ts";

/** What a folder of `ca.pem`, `cert.pem` and `key.pem` holds. Docker's contexts keep theirs in such a folder, too. */
export function folderTls(folder: string): Omit<UpstreamTls, "verify"> {
  const ca = pem(folder, "ca.pem");
  return { ...(ca !== undefined && { ca }), ...clientPair(folder) };
}

/** The client's certificate and key: both or neither. */
export function clientPair(folder: string): Pick<UpstreamTls, "cert" | "key"> {
  const [cert, key] = [pem(folder, "cert.pem"), pem(folder, "key.pem")];
  if (cert === undefined && key === undefined) return {};
  if (cert === undefined) throw missingPem(join(folder, "cert.pem"));
  if (key === undefined) throw missingPem(join(folder, "key.pem"));
  return { cert, key };
}

/** One file of such a folder; undefined if it does not exist. */
export function pem(folder: string, name: string): Buffer | undefined {
  const path = join(folder, name);
  try {
    return readFileSync(path);
  } catch (cause) {
    if (errnoOf(cause) === "ENOENT" || errnoOf(cause) === "ENOTDIR") return undefined;
    throw new EnvironmentError("WHALESONG_DOCKER_CONFIG", `cannot read \`${path}\`: ${messageOf(cause)}`, { cause });
  }
}

export function missingPem(path: string): EnvironmentError {
  return new EnvironmentError(
    "WHALESONG_DOCKER_CONFIG",
    `TLS to the daemon needs \`${path}\`, and it does not exist; DOCKER_CERT_PATH names the folder with ca.pem, cert.pem and key.pem`,
    { fields: { path } },
  );
}
