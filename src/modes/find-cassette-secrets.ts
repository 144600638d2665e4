import type { SidecarRef } from "../cassette/model.ts";
import { walkSidecars } from "../cassette/sidecars.ts";
import { openRanges, openSidecar, walkCassette } from "../io/disk/read-cassette.ts";
import { findSidecarSecrets, findTextSecrets } from "../record/redact/find-left-secrets.ts";
import type { SidecarSource } from "../record/redact/sidecar-digester.ts";
import { Redactor } from "../secrets/redactor.ts";
import type { SecretHit } from "../secrets/secret-hit.ts";

/** What a search for secrets needs to know of a cassette. */
export interface SearchedCassette {
  /** The rules of its header. */
  readonly redact: readonly string[];
  readonly sidecars: readonly SidecarRef[];
}

/**
 * The secrets in a cassette and in the files beside it: known shapes, the patterns of its header, and the values of the
 * environment's variables whose name tells; and what a name in its text gives away, as in `DB_PASSWORD=...`. A cassette of any size takes the same memory.
 * @param allowed places that may have what looks like a secret
 * @param searched if its exchanges were read before
 * @throws CassetteError for a cassette or a sidecar that cannot be read
 */
export async function findCassetteSecrets(
  path: string,
  allowed: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  searched?: SearchedCassette,
): Promise<readonly SecretHit[]> {
  const { redact, sidecars } = searched ?? (await readSearched(path));
  const scanner = new Redactor({ rules: redact, env }).createScanner({ findsNamed: true });
  const scan = { scanner, allowed, unpacksMembers: true };
  const read: SidecarSource["read"] = (sidecar, into) => openSidecar(path, sidecar).pieces({ into });
  return [...searchText(path, scan), ...(await findSidecarSecrets(sidecars, { read }, scan))];
}

function searchText(path: string, scan: Parameters<typeof findTextSecrets>[2]): readonly SecretHit[] {
  const text = openRanges(path);
  try {
    return findTextSecrets(text, path, scan);
  } finally {
    text.close();
  }
}

function readSearched(path: string): Promise<SearchedCassette> {
  return walkCassette(path, async ({ header, entries }) => ({
    redact: header.redact ?? [],
    sidecars: [...walkSidecars(entries)],
  }));
}
