/** Variables that get their old values back: those of functions (`local`), and those before a command (`A=1 read x`). */

/** The variables of a shell, as far as they are saved. */
export interface SavableVariables {
  readonly values: Map<string, string>;
  readonly exported: Set<string>;
}

export interface SavedVariable {
  readonly name: string;
  /** Undefined where it was unset. */
  readonly value: string | undefined;
  readonly isExported: boolean;
}

export function saveVariable({ values, exported }: SavableVariables, name: string): SavedVariable {
  return { name, value: values.get(name), isExported: exported.has(name) };
}

/** The oldest of several counts. */
export function restoreVariables({ values, exported }: SavableVariables, saved: readonly SavedVariable[]): void {
  for (const { name, value, isExported } of [...saved].reverse()) {
    if (value === undefined) values.delete(name);
    else values.set(name, value);
    if (isExported) exported.add(name);
    else exported.delete(name);
  }
}
