/** What is done when a recording ends: what became known late is masked, and what is still left refuses it. */
import type { SpellOption } from "../../base/spell-option.ts";
import type { SidecarRef } from "../../cassette/sidecar-ref.ts";
import type { Redactor } from "../../secrets/redactor.ts";
import type { SecretHit } from "../../secrets/secret-hit.ts";
import type { CassetteCheck, InspectCassette, RecordingStore } from "../store.ts";
import { createInspection, findSidecarSecrets } from "./find-left-secrets.ts";
import { maskLateValues } from "./mask-late-values.ts";
import { type ReplacedSidecars, replaceReferences, replaceSidecars } from "./mask-sidecars.ts";
import { SidecarDigester } from "./sidecar-digester.ts";

export interface LookOptions {
  /** Places that may have what looks like a secret: a request, a sidecar, or what was found. @default none */
  readonly allowed?: readonly string[];
  /** How a refusal names the ways out. @default as in code */
  readonly spellOption?: SpellOption;
}

export class LastLook implements CassetteCheck {
  readonly #redactor: Redactor;
  readonly #replaced: ReplacedSidecars;
  readonly inspect: InspectCassette;
  /** Any other text of the cassette, masked. */
  readonly maskText: (text: string) => string;

  private constructor(redactor: Redactor, replaced: ReplacedSidecars, inspect: InspectCassette) {
    this.#redactor = redactor;
    this.#replaced = replaced;
    this.inspect = inspect;
    this.maskText = (text) => redactor.maskKnown(replaceReferences(text, replaced));
  }

  static async prepare(
    sidecars: readonly SidecarRef[],
    store: RecordingStore,
    { redactor, allowed = [], spellOption }: LookOptions & { readonly redactor: Redactor },
  ): Promise<LastLook> {
    const scan = { scanner: redactor.createScanner(), allowed, unpacksMembers: redactor.rules.isOn("tars") };
    const digester = new SidecarDigester(store);
    const find = (searched: readonly SidecarRef[]): Promise<readonly SecretHit[]> =>
      findSidecarSecrets(searched, digester, scan);
    const hits = await find(sidecars);
    const settled = await Promise.all(sidecars.map((sidecar) => digester.settle(sidecar)));
    const masked = await replaceSidecars(selectHit(settled, hits), store, redactor);
    const left = hits.filter(({ place }) => !masked.has(place));
    const anew = masked.size === 0 ? [] : await find([...masked.values()].map(({ now }) => now));
    const replaced = await listReplaced(sidecars, masked, digester);
    return new LastLook(redactor, replaced, createInspection([...left, ...anew], scan, spellOption));
  }

  /** The sidecar that stands in the place of this one. */
  replaceSidecar(sidecar: SidecarRef): SidecarRef {
    return this.#replaced.get(sidecar.path)?.now ?? sidecar;
  }

  /**
   * The text of a document of this recording.
   * @param hasKnownAll whether all values that are secret were known when it began
   */
  maskDocument(text: string, hasKnownAll: boolean): string {
    return this.maskText(hasKnownAll ? text : maskLateValues(text, this.#redactor));
  }
}

/** Those that the documents refer to otherwise now: settled, masked, or both. */
async function listReplaced(
  sidecars: readonly SidecarRef[],
  masked: ReplacedSidecars,
  digester: SidecarDigester,
): Promise<ReplacedSidecars> {
  const replaced = new Map<string, { readonly old: SidecarRef; readonly now: SidecarRef }>();
  for (const old of sidecars) {
    const settled = await digester.settle(old);
    const now = await digester.settle(masked.get(settled.path)?.now ?? settled);
    if (now !== old) replaced.set(old.path, { old, now });
  }
  return replaced;
}

function selectHit(sidecars: readonly SidecarRef[], hits: readonly SecretHit[]): readonly SidecarRef[] {
  const paths = new Set(hits.map(({ place }) => place));
  return [...new Map(sidecars.map((sidecar) => [sidecar.path, sidecar])).values()].filter(({ path }) =>
    paths.has(path),
  );
}
