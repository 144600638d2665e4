/** A program of `awk` as a tree (POSIX, awk). */
export type Expression =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "match"; readonly expression: RegExp }
  | Target
  | { readonly kind: "assign"; readonly operator: string; readonly target: Target; readonly value: Expression }
  | { readonly kind: "step"; readonly target: Target; readonly by: 1 | -1; readonly isAfter: boolean }
  | { readonly kind: "choice"; readonly condition: Expression; readonly yes: Expression; readonly no: Expression }
  | { readonly kind: "binary"; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "unary"; readonly operator: string; readonly value: Expression }
  | { readonly kind: "in"; readonly keys: readonly Expression[]; readonly array: string }
  | { readonly kind: "call"; readonly name: string; readonly values: readonly Expression[] };

/** What can be assigned to. */
export type Target =
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "element"; readonly array: string; readonly keys: readonly Expression[] }
  | { readonly kind: "field"; readonly number: Expression };

export type Statement =
  | {
      readonly kind: "print";
      readonly isFormatted: boolean;
      readonly values: readonly Expression[];
      readonly to?: Output;
    }
  | { readonly kind: "expression"; readonly value: Expression }
  | { readonly kind: "if"; readonly condition: Expression; readonly yes: Statement; readonly no?: Statement }
  | { readonly kind: "while"; readonly condition: Expression; readonly body: Statement; readonly isAfter: boolean }
  | {
      readonly kind: "for";
      readonly first?: Statement;
      readonly condition?: Expression;
      readonly step?: Statement;
      readonly body: Statement;
    }
  | { readonly kind: "each"; readonly name: string; readonly array: string; readonly body: Statement }
  | { readonly kind: "block"; readonly statements: readonly Statement[] }
  | { readonly kind: "delete"; readonly array: string; readonly keys: readonly Expression[] }
  | { readonly kind: "exit" | "return"; readonly value?: Expression }
  | { readonly kind: "next" | "break" | "continue" };

export interface Output {
  readonly path: Expression;
  readonly appends: boolean;
}

export interface Rule {
  readonly when: "begin" | "end" | "line";
  readonly from?: Expression;
  readonly to?: Expression;
  /** Undefined where the line is printed. */
  readonly body?: Statement;
}

export interface Routine {
  readonly parameters: readonly string[];
  readonly body: Statement;
}

export interface Script {
  readonly rules: readonly Rule[];
  readonly routines: ReadonlyMap<string, Routine>;
}

/** What is wrong with a program. */
export class BadProgram extends Error {}
