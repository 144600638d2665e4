/** What a command asks of the simulation that it does not have, though a real container may. */
export interface MissingFeature {
  /** As the command spells it: `od`. */
  readonly program: string;
  /** The option that the simulated program lacks: `-P`, `--perl-regexp`. @default the whole program is missing */
  readonly option?: string;
}
