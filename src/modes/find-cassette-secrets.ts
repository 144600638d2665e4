import { readFileSync } from "node:fs";
import type { Cassette } from "../cassette/read.ts";
import { listSidecars } from "../cassette/sidecars.ts";
import { openSidecar, readCassette } from "../io/disk/read-cassette.ts";
import { findSidecarSecrets, findTextSecrets } from "../record/find-left-secrets.ts";
import { Redactor } from "../secrets/redactor.ts";
import type { SecretHit } from "../secrets/secret-hit.ts";

/**
 * The secrets in a cassette and in the files beside it: known shapes, the patterns of its header, and the values of the
 * environment's variables whose name tells.
 * @param allowed places that may have what looks like a secret
 * @throws CassetteError for a cassette or a sidecar that cannot be read
 */
export async function findCassetteSecrets(
  path: string,
  allowed: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<readonly SecretHit[]> {
  const cassette = readCassette(path);
  const scanner = new Redactor({ rules: cassette.header.redact ?? [], env }).createScanner();
  const scan = { scanner, allowed, unpacksMembers: true };
  const { hits } = findTextSecrets(readFileSync(path), path, scan);
  const sidecars = listAllSidecars(cassette);
  return [
    ...hits,
    ...(await findSidecarSecrets(sidecars, (sidecar, into) => openSidecar(path, sidecar).pieces({ into }), scan)),
  ];
}

/** The sidecars of all exchanges. */
export function listAllSidecars({ entries }: Cassette): ReturnType<typeof listSidecars> {
  return entries.flatMap((entry) => listSidecars(entry.readExchange()));
}
