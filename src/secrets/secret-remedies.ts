/** Refuses a recording with secrets, and names what keeps each out: that depends on where it was found. */
import { UsageError } from "../base/errors.ts";
import { formatCount } from "../base/format-count.ts";
import { type SpellOption, spellInCode } from "../base/spell-option.ts";
import { formatHit, type SecretHit } from "./secret-hit.ts";

const LISTED = 10;

/** `web/context-0a1b2c3d.tar`, with the label of what it is. */
const TAR = /(?:^|\/)([^/]+)-[0-9a-f]+\.(?:tar|gz|tgz)$/;
/** Tars that are no files of a build (operation-traits.ts). */
const OTHER_TARS = /^(?:archive|image|save|import|export|plugin)\b/;

type SecretPlace = "text" | "header" | "context" | "tar" | "packed";

export interface RemedyOptions {
  /** Whether they were found by their names only, which the rule `tars` does not look for. */
  readonly isGuess: boolean;
  /** @default as in code */
  readonly spellOption?: SpellOption | undefined;
}

/** The ways out, and what is to be said of what is no secret. */
export function formatRemedies(hits: readonly SecretHit[], options: RemedyOptions): string {
  const { spellOption = spellInCode } = options;
  const example = hits[0]?.what ?? "";
  const allow = `no secret: \`${spellOption("allowSecrets", example)}\`, or the beginning of a file's path or of a request`;
  return [...listRemedies(hits, options), allow].map((line) => `  ${line}`).join("\n");
}

/** @param kept where the recording is to be looked at, masked */
export function createSecretsError(
  hits: readonly SecretHit[],
  {
    cassette,
    kept,
    spellOption,
  }: { readonly cassette: string; readonly kept: string } & Pick<RemedyOptions, "spellOption">,
): UsageError {
  const shown = hits.slice(0, LISTED).map((hit) => `\n  ${formatHit(hit)}`);
  const more = hits.length > LISTED ? `\n  and ${hits.length - LISTED} more` : "";
  const message =
    `${formatCount(hits.length, "secret")} would be in the recording, so \`${cassette}\` is not written; \`${kept}\` is the recording with masks in their places:` +
    `${shown.join("")}${more}\n${formatRemedies(hits, { isGuess: false, spellOption })}`;
  return new UsageError("WHALESONG_SECRET_FOUND", message, { fields: { cassette, hits } });
}

/** The ways out for the places of these secrets, a line each. */
function listRemedies(
  hits: readonly SecretHit[],
  { isGuess, spellOption: spell = spellInCode }: RemedyOptions,
): string[] {
  const mask = `\`${spell("redact", "tars", ...(isGuess ? ["/PATTERN/"] : []))}\``;
  const remedies: Readonly<Record<SecretPlace, string>> = {
    text: `in the text: \`${spell("redact", "/PATTERN/")}\` keeps it out, or \`${spell("redact", "NAME")}\` where it is the value of a setting`,
    header: `in the header: a pattern of \`${spell("redact")}\` has the secret itself, or matches itself; write one that does not, such as \`/hunter[2]/\``,
    context: `in the files of a build: leave the file out by \`.dockerignore\`, or all files by \`${spell("contexts", "digests")}\` (BuildKit), or mask it by ${mask}`,
    tar: `in a tar: leave the file out of it, or mask it by ${mask}`,
    packed: "in what is packed within a tar: leave the file out of it; it cannot be masked",
  };
  const places = new Set(hits.map((hit) => findPlace(hit, isGuess)));
  const kept = Object.entries(remedies).filter(([place]) => places.has(place as SecretPlace));
  return kept.map(([, remedy]) => remedy);
}

function findPlace({ at, place }: SecretHit, isGuess: boolean): SecretPlace {
  // The command that was recorded stands there, too.
  if (place === "header") return isGuess ? "text" : "header";
  const label = TAR.exec(place)?.[1];
  if (label === undefined) return "text";
  if (at.includes(" in `")) return "packed";
  return OTHER_TARS.test(label) ? "tar" : "context";
}
