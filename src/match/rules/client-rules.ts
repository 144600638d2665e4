/**
 * The rules of one client, where a recording has several. What is compared is joined over all of them, since a recording
 * does not say which request came from which client; this is what the client that asks would set aside itself.
 */
import { PRESETS, type PresetName } from "../../cassette/rule-names.ts";
import { findPresetByUserAgent, PRESET } from "./presets.ts";
import { type ResolvedRules, type RuleInput, resolveRules } from "./resolve-rules.ts";

/** What tells the clients of a recording from each other. */
export interface RecordedClients {
  /** The products of their User-Agents. */
  readonly names: readonly string[];
  /** The rules that were joined into `joined`. */
  readonly inputs: readonly RuleInput[];
  /** The rules of all of them. */
  readonly joined: ResolvedRules;
}

/**
 * @param products of the User-Agent of the client that asks; "" if it names none
 * @returns undefined where its rules are those of all
 */
export function resolveClientRules(
  products: string,
  { names, inputs, joined }: RecordedClients,
): ResolvedRules | undefined {
  // All presets apply where no client was recognised: then nothing says that there were several.
  if (joined.presets === PRESETS && names.length < 2) return undefined;
  const presets = selectPresets(products, joined.presets);
  // A release that was recorded among others writes its own requests again; another one writes neither's.
  const isRecorded = names.length > 1 && names.includes(products);
  const rules = resolveRules([...inputs, { presets, exact: isRecorded ? ["client-releases"] : [] }]);
  return rules.key === joined.key ? undefined : rules;
}

/** A client without a known name is one of those that only their requests show. dockerode never names itself. */
function selectPresets(products: string, recorded: readonly PresetName[]): readonly PresetName[] {
  const named = findPresetByUserAgent(products);
  if (named !== undefined) return recorded.filter((name) => name === named);
  const nameless = recorded.filter((name) => PRESET[name].userAgent === undefined);
  return products === "" ? nameless : nameless.filter((name) => PRESET[name].trace !== undefined);
}
