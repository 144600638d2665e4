/**
 * How messages of the control door name a way out: each kit's user reads the words of his own language, where plain
 * HTTP has members of a JSON object. One row for each kit.
 */

import { joinOption, type OptionSyntax, type SpellOption } from "../../base/spell-option.ts";

/** The words of one caller. */
export interface CallerWords {
  /** What has the options. */
  readonly place: string;
  /** An example of options. */
  readonly example: string;
  /** The name of an option, from that of the member. */
  readonly spell: (member: string) => string;
  /** What lets a test leave recorded requests out, as it is written. */
  readonly unplayedOption: string;
  /** What names another daemon, beside DOCKER_HOST. */
  readonly upstreamOption: string;
  /** Spells an option of a recording with its values. */
  readonly spellOption: SpellOption;
}

/** What the member `caller` may name. */
export type Caller = "http" | "pytest" | "go";

const CALLERS: Readonly<Record<Caller, CallerWords>> = {
  http: {
    place: "the body",
    example: '{"cassette": "web.yaml", "mode": "once"}',
    spell: (member: string): string => member,
    unplayedOption: "allowUnplayed",
    upstreamOption: "the member `upstream`",
    spellOption: spellWith({ spell: (member) => `"${member}"`, colon: ": " }),
  },
  pytest: {
    place: "the mark `whalesong`",
    example: '@pytest.mark.whalesong(cassette="web.yaml", mode="once")',
    spell: toSnakeCase,
    unplayedOption: "allow_unplayed=True",
    upstreamOption: "`--whalesong-upstream`",
    spellOption: spellWith({ spell: toSnakeCase, colon: "=" }),
  },
  go: {
    place: "`whalesongtest.Options`",
    example: 'whalesongtest.Options{Cassette: "web.yaml", Mode: "once"}',
    spell: capitalize,
    unplayedOption: "AllowUnplayed: true",
    upstreamOption: "WHALESONG_UPSTREAM",
    spellOption: spellWith({ spell: capitalize, colon: ": ", open: "[]string{", close: "}" }),
  },
};

/** All of them. */
export const CALLER_NAMES: readonly Caller[] = Object.keys(CALLERS) as Caller[];

/** The words of `caller`; those of plain HTTP where it names none, or one that is not known. */
export function findCallerWords(caller: unknown): CallerWords {
  return CALLER_NAMES.includes(caller as Caller) ? CALLERS[caller as Caller] : CALLERS.http;
}

function toSnakeCase(member: string): string {
  return member.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function capitalize(member: string): string {
  return member.charAt(0).toUpperCase() + member.slice(1);
}

/** Kits have no option for empty recordings. */
function spellWith(syntax: OptionSyntax): SpellOption {
  return (option, ...values) => (option === "empty" ? undefined : joinOption(option, values, syntax));
}
