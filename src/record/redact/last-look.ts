/** What is done when a recording ends: what became known late is masked, and what is still left refuses it. */
import type { SidecarRef } from "../../cassette/sidecar-ref.ts";
import type { Redactor } from "../../secrets/redactor.ts";
import type { SecretHit } from "../../secrets/secret-hit.ts";
import type { CassetteCheck, InspectCassette, RecordingStore } from "../store.ts";
import { createInspection, findSidecarSecrets } from "./find-left-secrets.ts";
import { maskLateValues } from "./mask-late-values.ts";
import { type ReplacedSidecars, replaceReferences, replaceSidecars } from "./mask-sidecars.ts";

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

  /** @param allowed places that may have what looks like a secret */
  static async prepare(
    sidecars: readonly SidecarRef[],
    store: RecordingStore,
    { redactor, allowed }: { readonly redactor: Redactor; readonly allowed: readonly string[] },
  ): Promise<LastLook> {
    const scan = { scanner: redactor.createScanner(), allowed, unpacksMembers: redactor.rules.isOn("tars") };
    const find = (searched: readonly SidecarRef[]): Promise<readonly SecretHit[]> =>
      findSidecarSecrets(searched, (sidecar, into) => store.read(sidecar, into), scan);
    const hits = await find(sidecars);
    const replaced = await replaceSidecars(selectHit(sidecars, hits), store, redactor);
    const left = hits.filter(({ place }) => !replaced.has(place));
    const anew = replaced.size === 0 ? [] : await find([...replaced.values()].map(({ now }) => now));
    return new LastLook(redactor, replaced, createInspection([...left, ...anew], scan));
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

function selectHit(sidecars: readonly SidecarRef[], hits: readonly SecretHit[]): readonly SidecarRef[] {
  const paths = new Set(hits.map(({ place }) => place));
  return [...new Map(sidecars.map((sidecar) => [sidecar.path, sidecar])).values()].filter(({ path }) =>
    paths.has(path),
  );
}
