/** Compares the requests of builds as JSON. The result is the list of their differences, as for other requests. */
import type { Bindings } from "../../match/bindings.ts";
import type { FieldDifference } from "../../match/compare-requests.ts";
import { matchesRedacted } from "../../match/normalize/redacted-values.ts";
import type { ResolvedRules } from "../../match/rules/resolve-rules.ts";
import type { JsonMessageValue } from "../../wire/protobuf/json-message.ts";
import { withoutIds } from "./build-ids.ts";

/**
 * What differs from run to run: the ids of a request, and the commit and remote of the working copy (buildx
 * build/git.go), which go into the provenance only. What a target of a bake takes from another one is the definition that
 * the daemon has answered; the client orders what is about it anew each time.
 */
const VARYING =
  /^(?:Ref|Session|SourcePolicySession)$|^(?:FrontendAttrs|FrontendOpt)\.vcs:|^FrontendInputs\..*\.(?:metadata|Source)\./;
/** A frontend's or an exporter's attribute. Clients say the same one in several members. */
const ATTRIBUTE = /^(?:FrontendAttrs|FrontendOpt|ExporterAttrsDeprecated|Exporters\.\d+\.Attrs)\.(.+)$/;
const SHOWN = 3;

/** What is set aside, and which values of today stand for recorded ones. */
export interface MessageAllowances {
  readonly rules: Pick<ResolvedRules, "ignore">;
  readonly bindings: Pick<Bindings, "toRecorded">;
}

/**
 * Attributes are named as rules name them, `build.target`, other fields by their path. A redacted value equals every
 * value.
 */
export function compareMessages(
  recorded: JsonMessageValue,
  got: JsonMessageValue,
  { rules: { ignore }, bindings }: MessageAllowances,
): readonly FieldDifference[] {
  const [before, now] = [listLeaves(recorded), listLeaves(got, (text) => withoutIds(bindings.toRecorded(text)))];
  const fields = [...new Set([...before.keys(), ...now.keys()])].sort();
  const differences = fields
    .map((field) => ({ field, recorded: before.get(field), got: now.get(field) }))
    .filter(
      (one) =>
        !VARYING.test(one.field) && one.recorded !== one.got && !matchesRedacted(one.recorded ?? "", one.got ?? ""),
    )
    .map((one) => ({ ...one, field: one.field.replace(ATTRIBUTE, "build.$1") }))
    .filter(({ field }) => !ignore.has(field));
  // A tag stands in two members of a request.
  return [...new Map(differences.map((one) => [JSON.stringify(one), one])).values()];
}

/** `build.target: recorded -, got zz` */
export function formatDifferences(differences: readonly FieldDifference[]): string {
  const shown = differences
    .slice(0, SHOWN)
    .map(({ field, recorded = "-", got = "-" }) => `${field}: recorded ${recorded}, got ${got}`);
  const more = differences.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join("; ");
}

/** A text that is equal for equal messages, whatever the order of their fields. */
export function toMessageKey(message: JsonMessageValue): string {
  return JSON.stringify([...listLeaves(message, (text) => text)].sort(([one], [other]) => (one < other ? -1 : 1)));
}

type TextRewrite = (text: string) => string;

function listLeaves(message: JsonMessageValue, rewrite: TextRewrite = withoutIds): ReadonlyMap<string, string> {
  const leaves = new Map<string, string>();
  collectLeaves(message, "", rewrite, leaves);
  return leaves;
}

function collectLeaves(value: JsonMessageValue, path: string, rewrite: TextRewrite, leaves: Map<string, string>): void {
  const members = typeof value === "object" ? Object.entries(value) : [];
  for (const [key, member] of members) collectLeaves(member, path === "" ? key : `${path}.${key}`, rewrite, leaves);
  if (members.length === 0 && path !== "") leaves.set(path, rewrite(formatLeaf(value)));
}

function formatLeaf(value: JsonMessageValue): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
