/** Secrets that their place gives away, in the JSON of requests and answers and in queries. docs/secrets.md lists them. */
import type { JsonLeaf } from "./edit-json.ts";
import type { RedactionRule } from "./rule-names.ts";
import { isHarmlessValue, isSecretMember, isSecretName } from "./secret-names.ts";
import { coverAll, type SecretSpan } from "./secret-span.ts";
import { findInAssignment, findInCommand, findInOptionList, findParameters } from "./text-secrets.ts";

/** Where a value stands. */
export interface SecretPlace extends JsonLeaf {
  /** The name of the operation (wire/operations/operation.ts). */
  readonly operation: string;
}

export interface PlaceRule {
  readonly name: RedactionRule;
  find(place: SecretPlace): SecretSpan[];
}

/** Of moby's api/types/registry AuthConfig, in any operation and in any case. */
const CREDENTIALS =
  /^(?:(?:proxy-)?authorization|password|identitytoken|registrytoken|accesstoken|refreshtoken|secretkey|token)$/i;
/** Text, lists of arguments, and lines of output that repeat them. */
const COMMANDS =
  /^(?:cmd|entrypoint|args|arguments|command|commands|test|createdby|created_by|changes|shell|onbuild|processes|action|status|stream)$/i;
const ENVIRONMENT = /^env(?:ironment)?$/i;
const LABELS = /^(?:labels|attributes|annotations|annotation)$/i;
const OPTIONS = /^(?:driveropts|driver_opts|options|opts|o|volumeoptions|logopts|log_opts)$/i;
const LOG_CONFIG = /^(?:logconfig|logdriver|driverconfig)$/i;
const BUILD_ARGS = /^(?:buildargs|build-args|build_args)$/i;
/** Sentences and addresses: an error, the comment of a commit, where an answer leads to. */
const TEXTS = /^(?:message|error|comment|location)$/i;
const PLUGINS = /^(?:PluginPull|PluginUpgrade|PluginCreate|PluginSet|GetPluginPrivileges)$/;

function lastOf({ path }: SecretPlace): string {
  return path.at(-1) ?? "";
}

function parentOf({ path }: SecretPlace): string {
  return path.at(-2) ?? "";
}

/** Blanks the value of a member whose name tells. */
function coverNamed(place: SecretPlace, rule: RedactionRule, name: string = lastOf(place)): SecretSpan[] {
  return isSecretName(name) && !isHarmlessValue(place.value) ? coverAll(place.value, rule) : [];
}

/** Whether another rule, which may be off, says what is secret there. */
function isOwned(place: SecretPlace): boolean {
  const [name, parent] = [lastOf(place), parentOf(place)];
  const isSetting = [ENVIRONMENT, LABELS, OPTIONS, BUILD_ARGS].some(
    (expression) => expression.test(parent) || expression.test(name),
  );
  return isSetting || isOptionName(place) || COMMANDS.test(name) || /^(?:labels?!?$|(?:build-arg|label):)/i.test(name);
}

function findCredentials(place: SecretPlace): SecretSpan[] {
  const name = lastOf(place);
  const isCredential = CREDENTIALS.test(name) || (place.operation === "SystemAuth" && /^auth$/i.test(name));
  if (isCredential) return coverAll(place.value, "credentials");
  if (isOwned(place)) return [];
  // A query's parameter, such as `?token=`. Of an operation that is unknown, any member may be one.
  const isAlone = place.path.length === 1 || place.operation === "Unknown";
  const isNamed = isAlone ? isSecretName(name) && !/^(?:cookie|auth)$/i.test(name) : isSecretMember(name);
  if (isNamed && !isHarmlessValue(place.value)) return coverAll(place.value, "credentials");
  return TEXTS.test(name) || isAlone ? findParameters(place.value, "credentials") : [];
}

function findSwarmKeys(place: SecretPlace): SecretSpan[] {
  const name = lastOf(place);
  if (/^(?:jointoken|jointokens)$/i.test(name) || /^jointokens$/i.test(parentOf(place)))
    return coverAll(place.value, "swarm-keys", place.value.startsWith("SWMTKN-") ? "join-token" : "text");
  if (/^unlockkey$/i.test(name))
    return coverAll(place.value, "swarm-keys", place.value.startsWith("SWMKEY-") ? "unlock-key" : "text");
  return /^signingcakey$/i.test(name) ? coverAll(place.value, "swarm-keys", "base64") : [];
}

function findData(place: SecretPlace, rule: "secret-data" | "config-data"): SecretSpan[] {
  const isData = /^data$/i.test(lastOf(place));
  const kind = rule === "secret-data" ? "Secret" : "Config";
  return isData && place.operation.startsWith(kind) ? coverAll(place.value, rule, "base64") : [];
}

function findInEnvironment(place: SecretPlace): SecretSpan[] {
  if (ENVIRONMENT.test(lastOf(place))) return findInAssignment(place.value, "env");
  return ENVIRONMENT.test(parentOf(place)) ? coverNamed(place, "env") : [];
}

function findBuildArguments(place: SecretPlace): SecretSpan[] {
  const argument = /^build-arg:(.+)$/.exec(lastOf(place))?.[1];
  if (argument !== undefined) return coverNamed(place, "build-args", argument);
  if (BUILD_ARGS.test(lastOf(place))) return findInAssignment(place.value, "build-args");
  return BUILD_ARGS.test(parentOf(place)) ? coverNamed(place, "build-args") : [];
}

function findLabels(place: SecretPlace): SecretSpan[] {
  const name = lastOf(place);
  if (/^labels?!?$/i.test(name)) return findInAssignment(place.value, "labels");
  const label = /^label:(.+)$/.exec(name)?.[1];
  if (label !== undefined) return coverNamed(place, "labels", label);
  return LABELS.test(parentOf(place)) ? coverNamed(place, "labels") : [];
}

/** Of a driver's `Config`. */
function isOptionName(place: SecretPlace): boolean {
  return /^(?:config|options)$/i.test(parentOf(place)) && LOG_CONFIG.test(place.path.at(-3) ?? "");
}

function findOptions(place: SecretPlace): SecretSpan[] {
  const isOption = OPTIONS.test(parentOf(place)) || isOptionName(place);
  if (OPTIONS.test(lastOf(place))) return findInOptionList(place.value, "options");
  if (!isOption) return [];
  const whole = coverNamed(place, "options");
  return whole.length > 0 ? whole : findInOptionList(place.value, "options");
}

/** `docker plugin set KEY=value`, and the privileges that a plugin is granted. */
function findPluginSettings(place: SecretPlace): SecretSpan[] {
  if (!PLUGINS.test(place.operation)) return [];
  if (lastOf(place) === "Value" && isSecretName(place.name ?? "")) return coverAll(place.value, "plugin-settings");
  return findInAssignment(place.value, "plugin-settings");
}

function findCommands(place: SecretPlace): SecretSpan[] {
  return COMMANDS.test(lastOf(place)) ? findInCommand(place.value, place.before ?? [], "commands") : [];
}

/** All names by which a rule knows a place. */
const TELLING_NAMES: readonly RegExp[] = [
  CREDENTIALS,
  COMMANDS,
  LABELS,
  OPTIONS,
  LOG_CONFIG,
  BUILD_ARGS,
  TEXTS,
  /^(?:auth|jointokens?|unlockkey|signingcakey|data|env(?:ironment)?|build-arg:.+|labels?!?|label:.+|config)$/i,
];
const telling = new Map<string, boolean>();
const REMEMBERED = 5000;

/** Whether a rule may find something in the place, as far as its names tell. Most places are passed over by that. */
export function isTellingPlace({ path, operation }: SecretPlace): boolean {
  if (path.length <= 1 || operation === "Unknown" || PLUGINS.test(operation)) return true;
  for (let at = Math.max(0, path.length - 3); at < path.length; at += 1)
    if (isTellingName(path[at] as string)) return true;
  return false;
}

function isTellingName(name: string): boolean {
  const known = telling.get(name);
  if (known !== undefined) return known;
  const isTelling = isSecretMember(name) || TELLING_NAMES.some((expression) => expression.test(name));
  if (telling.size < REMEMBERED) telling.set(name, isTelling);
  return isTelling;
}

export const PLACE_RULES: readonly PlaceRule[] = [
  { name: "swarm-keys", find: findSwarmKeys },
  { name: "credentials", find: findCredentials },
  { name: "secret-data", find: (place) => findData(place, "secret-data") },
  { name: "config-data", find: (place) => findData(place, "config-data") },
  { name: "env", find: findInEnvironment },
  { name: "build-args", find: findBuildArguments },
  { name: "labels", find: findLabels },
  { name: "options", find: findOptions },
  { name: "plugin-settings", find: findPluginSettings },
  { name: "commands", find: findCommands },
];
