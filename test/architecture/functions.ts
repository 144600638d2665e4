/** Where functions begin and end, told by their brackets: approximate, but never fooled by a string or a comment. */
import { lineOf } from "./masked.ts";

export interface FunctionSpan {
  readonly name: string;
  readonly line: number;
  readonly lines: number;
}

/** The functions of masked code that have a body in braces. */
export function functionsOf(code: string): FunctionSpan[] {
  const open: number[] = [];
  const spans: FunctionSpan[] = [];
  for (const { index, 0: brace } of code.matchAll(/[{}]/g)) {
    if (brace === "{") open.push(index);
    else spans.push(...functionAt(code, open.pop() ?? 0, index));
  }
  return spans;
}

function functionAt(code: string, start: number, end: number): FunctionSpan[] {
  const head = headBefore(code, start);
  if (!isFunctionHead(head.text)) return [];
  const line = lineOf(code, head.offset);
  return [{ name: nameOf(head.text), line, lines: lineOf(code, end) - line + 1 }];
}

/** What stands before a brace, back to the end of the statement or member before it. */
function headBefore(code: string, brace: number): { readonly text: string; readonly offset: number } {
  let at = brace - 1;
  for (let depth = 0; at >= 0; at -= 1) {
    const character = code[at] as string;
    if (")]".includes(character)) depth += 1;
    else if ("([".includes(character) && depth-- === 0) break;
    else if (depth === 0 && character === "}" && /(?:[:|&<]|\bextends)\s*$/.test(code.slice(0, openingOf(code, at)))) {
      at = openingOf(code, at);
    } else if (depth === 0 && ";{},".includes(character)) break;
  }
  const text = code.slice(at + 1, brace);
  return { text: text.trim(), offset: at + 1 + (text.length - text.trimStart().length) };
}

/** Where the brace opens that closes at `end`. */
function openingOf(code: string, end: number): number {
  let at = end - 1;
  for (let depth = 0; at > 0; at -= 1) {
    if (code[at] === "}") depth += 1;
    else if (code[at] === "{" && depth-- === 0) break;
  }
  return at;
}

function isFunctionHead(head: string): boolean {
  if (/^(?:if|for|while|switch|catch|with|do|else|try|finally)\b/.test(head)) return false;
  if (/^(?:export\s+)?(?:declare\s+|abstract\s+)*(?:class|interface|type|enum)\b/.test(head)) return false;
  return /=>$|\)$|\)\s*:[^=]*[^=:|&\s]$/.test(head);
}

function nameOf(head: string): string {
  const named = /\bfunction\s*\*?\s*([\w$]+)/.exec(head) ?? /\b(?:const|let)\s+([\w$]+)/.exec(head);
  return (named ?? /([#\w$]+)\s*(?:<[^(]*>)?\s*[:(]/.exec(head))?.[1] ?? "a function without a name";
}
