/** A program of `awk` as a tree (POSIX, awk). */
export type AwkExpression =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "match"; readonly expression: RegExp }
  | AssignmentTarget
  | {
      readonly kind: "assign";
      readonly operator: string;
      readonly target: AssignmentTarget;
      readonly value: AwkExpression;
    }
  | { readonly kind: "step"; readonly target: AssignmentTarget; readonly by: 1 | -1; readonly isAfter: boolean }
  | {
      readonly kind: "choice";
      readonly condition: AwkExpression;
      readonly yes: AwkExpression;
      readonly no: AwkExpression;
    }
  | { readonly kind: "binary"; readonly operator: string; readonly left: AwkExpression; readonly right: AwkExpression }
  | { readonly kind: "unary"; readonly operator: string; readonly value: AwkExpression }
  | { readonly kind: "in"; readonly keys: readonly AwkExpression[]; readonly array: string }
  | { readonly kind: "call"; readonly name: string; readonly values: readonly AwkExpression[] };

/** What can be assigned to. */
export type AssignmentTarget =
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "element"; readonly array: string; readonly keys: readonly AwkExpression[] }
  | { readonly kind: "field"; readonly number: AwkExpression };

export type AwkStatement =
  | {
      readonly kind: "print";
      readonly isFormatted: boolean;
      readonly values: readonly AwkExpression[];
      readonly to?: AwkOutput;
    }
  | { readonly kind: "expression"; readonly value: AwkExpression }
  | { readonly kind: "if"; readonly condition: AwkExpression; readonly yes: AwkStatement; readonly no?: AwkStatement }
  | {
      readonly kind: "while";
      readonly condition: AwkExpression;
      readonly body: AwkStatement;
      readonly isAfter: boolean;
    }
  | {
      readonly kind: "for";
      readonly first?: AwkStatement;
      readonly condition?: AwkExpression;
      readonly step?: AwkStatement;
      readonly body: AwkStatement;
    }
  | { readonly kind: "each"; readonly name: string; readonly array: string; readonly body: AwkStatement }
  | { readonly kind: "block"; readonly statements: readonly AwkStatement[] }
  | { readonly kind: "delete"; readonly array: string; readonly keys: readonly AwkExpression[] }
  | { readonly kind: "exit" | "return"; readonly value?: AwkExpression }
  | { readonly kind: "next" | "break" | "continue" };

export interface AwkOutput {
  readonly path: AwkExpression;
  readonly appends: boolean;
}

export interface AwkRule {
  readonly when: "begin" | "end" | "line";
  readonly from?: AwkExpression;
  readonly to?: AwkExpression;
  /** Undefined where the line is printed. */
  readonly body?: AwkStatement;
}

export interface AwkFunction {
  readonly parameters: readonly string[];
  readonly body: AwkStatement;
}

export interface AwkScript {
  readonly rules: readonly AwkRule[];
  readonly routines: ReadonlyMap<string, AwkFunction>;
}

/** What is wrong with a program. */
export class BadProgram extends Error {}
