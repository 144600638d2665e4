/** What several names of one recording share is random in all of them, where it could be given in a single one. */
import { collectSharedEndings, type SharedEndings } from "./glued-endings.ts";
import { collectNameStems, type NameStem } from "./name-stems.ts";

/** Parts of recorded names that are known to be random. To collect them takes long, and few words ask for them. */
export interface SharedParts {
  /** Endings of one length, behind different words. */
  readonly endings: SharedEndings;
  /** Stems, within words. */
  listStems(): readonly NameStem[];
}

/** @param listNames names and paths of recorded requests. Called when the first word needs them */
export function createSharedParts(listNames: () => readonly string[]): SharedParts {
  let endings: SharedEndings | undefined;
  let stems: readonly NameStem[] | undefined;
  return {
    endings: {
      has: (ending) => {
        endings ??= collectSharedEndings(listNames());
        return endings.has(ending);
      },
    },
    listStems: () => {
      stems ??= collectNameStems(listNames());
      return stems;
    },
  };
}
