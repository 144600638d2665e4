/** A script as a tree (POSIX, Shell Command Language, 2.10). */

/** What stands for `$name`, `${#name}`, `${name:-word}`, `${name%pattern}`, `${name/word/second}`, `${name:word:second}`. */
export interface ParameterExpansion {
  readonly kind: "parameter";
  readonly name: string;
  readonly operator: string;
  readonly word: ShellWord;
  readonly second?: ShellWord;
  readonly isQuoted: boolean;
}

/** `isQuoted`: neither split into fields nor matched with files. */
export type WordPart =
  | { readonly kind: "text"; readonly text: string; readonly isQuoted: boolean }
  | ParameterExpansion
  | { readonly kind: "command"; readonly script: string; readonly isQuoted: boolean }
  | { readonly kind: "arithmetic"; readonly word: ShellWord; readonly isQuoted: boolean };

export type ShellWord = readonly WordPart[];

export interface Redirection {
  readonly fd: number;
  readonly operator: "<" | ">" | ">>" | "<>" | ">|" | "<&" | ">&" | "<<";
  /** The file, the descriptor, or the text of a here-document. */
  readonly target: ShellWord;
}

export interface VariableAssignment {
  readonly name: string;
  readonly value: ShellWord;
}

export interface SimpleCommand {
  readonly kind: "simple";
  readonly assignments: readonly VariableAssignment[];
  readonly words: readonly ShellWord[];
  readonly redirects: readonly Redirection[];
}

export interface CommandList {
  readonly kind: "list";
  readonly items: readonly { readonly command: ShellCommand; readonly isBackground: boolean }[];
}

export interface IfClause {
  readonly condition: CommandList;
  readonly body: CommandList;
}

export type ShellCommand =
  | SimpleCommand
  | CommandList
  | { readonly kind: "pipeline"; readonly commands: readonly ShellCommand[]; readonly isNegated: boolean }
  | { readonly kind: "and" | "or"; readonly left: ShellCommand; readonly right: ShellCommand }
  | { readonly kind: "if"; readonly clauses: readonly IfClause[]; readonly otherwise: CommandList | undefined }
  | ({ readonly kind: "loop"; readonly isUntil: boolean } & IfClause)
  | {
      readonly kind: "for";
      readonly name: string;
      readonly words: readonly ShellWord[] | undefined;
      readonly body: CommandList;
    }
  | { readonly kind: "case"; readonly subject: ShellWord; readonly arms: readonly CaseArm[] }
  | { readonly kind: "subshell"; readonly body: CommandList }
  | { readonly kind: "redirected"; readonly command: ShellCommand; readonly redirects: readonly Redirection[] }
  | { readonly kind: "function"; readonly name: string; readonly body: ShellCommand };

export interface CaseArm {
  readonly patterns: readonly ShellWord[];
  readonly body: CommandList;
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
