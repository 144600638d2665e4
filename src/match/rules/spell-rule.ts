/** Spells rules as they stand in the header of a cassette: for a miss, and for what the page of `view` copies. */

import { escapeUnprintable } from "../../base/printable.ts";

/** `ignore: [query.t, json.Cmd]`; the fields as differences name them. */
export function formatIgnoreRule(fields: readonly string[]): string {
  return `ignore: [${fields.map(spellInList).join(", ")}]`;
}

/** `bind: {name: query.name}`: the binding has the name of the member. */
export function formatBindRule(field: string): string {
  return `bind: {${spellInList(field.split(".").at(-1) as string)}: ${spellInList(field)}}`;
}

/** Whether a rule can name the field: a query parameter, a JSON member, a file of a tar. */
export function isRuleField(field: string): boolean {
  return /^(query|json|tar)\./.test(field);
}

/** What stands for `true` would change every `true` of the answers, and files do not stand for others. */
export function isBindable(field: string, ...values: readonly string[]): boolean {
  return !field.startsWith("tar.") && values.every((value) => !PLAIN_JSON.test(value));
}

const PLAIN_JSON = /^(?:true|false|null)$/;

/** A file may have any name; in a list of YAML some of them need quotes. */
function spellInList(field: string): string {
  return /^[\w./@+-]+$/.test(field) ? field : escapeUnprintable(JSON.stringify(field));
}
