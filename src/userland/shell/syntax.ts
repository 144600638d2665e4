/** A script as a tree (POSIX, Shell Command Language, 2.10). */

/** What stands for `$name`, `${#name}`, `${name:-word}`, `${name%pattern}`, `${name/word/second}`, `${name:word:second}`. */
export interface Parameter {
  readonly kind: "parameter";
  readonly name: string;
  readonly operator: string;
  readonly word: Word;
  readonly second?: Word;
  readonly isQuoted: boolean;
}

/** `isQuoted`: neither split into fields nor matched with files. */
export type Part =
  | { readonly kind: "text"; readonly text: string; readonly isQuoted: boolean }
  | Parameter
  | { readonly kind: "command"; readonly script: string; readonly isQuoted: boolean }
  | { readonly kind: "arithmetic"; readonly word: Word; readonly isQuoted: boolean };

export type Word = readonly Part[];

export interface Redirect {
  readonly fd: number;
  readonly operator: "<" | ">" | ">>" | "<>" | ">|" | "<&" | ">&" | "<<";
  /** The file, the descriptor, or the text of a here-document. */
  readonly target: Word;
}

export interface Assignment {
  readonly name: string;
  readonly value: Word;
}

export interface Simple {
  readonly kind: "simple";
  readonly assignments: readonly Assignment[];
  readonly words: readonly Word[];
  readonly redirects: readonly Redirect[];
}

export interface List {
  readonly kind: "list";
  readonly items: readonly { readonly command: Command; readonly isBackground: boolean }[];
}

export interface Clause {
  readonly condition: List;
  readonly body: List;
}

export type Command =
  | Simple
  | List
  | { readonly kind: "pipeline"; readonly commands: readonly Command[]; readonly isNegated: boolean }
  | { readonly kind: "and" | "or"; readonly left: Command; readonly right: Command }
  | { readonly kind: "if"; readonly clauses: readonly Clause[]; readonly otherwise: List | undefined }
  | ({ readonly kind: "loop"; readonly isUntil: boolean } & Clause)
  | { readonly kind: "for"; readonly name: string; readonly words: readonly Word[] | undefined; readonly body: List }
  | { readonly kind: "case"; readonly subject: Word; readonly arms: readonly Arm[] }
  | { readonly kind: "subshell"; readonly body: List }
  | { readonly kind: "redirected"; readonly command: Command; readonly redirects: readonly Redirect[] }
  | { readonly kind: "function"; readonly name: string; readonly body: Command };

export interface Arm {
  readonly patterns: readonly Word[];
  readonly body: List;
}

/** What cannot be parsed. `isUnfinished`: more text might mend it, as a person types it line by line. */
export class SyntaxFault extends Error {
  readonly isUnfinished: boolean;

  constructor(message: string, isUnfinished = false) {
    super(message);
    this.name = new.target.name;
    this.isUnfinished = isUnfinished;
  }
}
